/// The fineness of a grid of cells: from 0, with 122 cells of about 4,000,000 km^2, to 15, with cells of about 1 m^2.
///
/// A cell has seven children at the next finer resolution, a pentagon six. Resolutions are ordered by their numbers, so
/// the finer one is the greater. A known one can be written as a literal: `cell.parent(at: 5)`.
public struct Resolution: Hashable, Sendable {
    /// The number, 0...15.
    public let number: Int

    /// Creates a resolution from its number.
    ///
    /// - Throws: `resolutionDomain` where `number` is outside 0...15.
    @inlinable
    public init(_ number: Int) throws(H3Error) {
        guard number >= 0, number <= 15 else { throw .resolutionDomain }
        self.number = number
    }

    /// Creates a resolution from a number that is known to be 0...15.
    @inlinable
    init(unchecked number: Int) {
        self.number = number
    }

    /// The next finer resolution, or nil for 15.
    public var finer: Resolution? { number < 15 ? Resolution(unchecked: number + 1) : nil }

    /// The next coarser resolution, or nil for 0.
    public var coarser: Resolution? { number > 0 ? Resolution(unchecked: number - 1) : nil }
}

extension Resolution: CaseIterable {
    /// All resolutions, the coarsest first.
    public static let allCases: [Resolution] = (0...15).map(Resolution.init(unchecked:))
}

extension Resolution: Comparable {
    /// Whether the cells of `left` are the larger ones.
    @inlinable
    public static func < (left: Resolution, right: Resolution) -> Bool { left.number < right.number }
}

extension Resolution: ExpressibleByIntegerLiteral {
    /// Creates a resolution from a literal. The program ends if that is outside 0...15; numbers that are not in the
    /// source should go through `init(_:)`.
    @inlinable
    public init(integerLiteral number: Int) {
        precondition(number >= 0 && number <= 15, "a resolution is 0...15")
        self.number = number
    }
}

extension Resolution: CustomStringConvertible {
    /// The number in decimal digits.
    public var description: String { String(number) }
}
