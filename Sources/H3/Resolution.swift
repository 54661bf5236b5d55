/// How fine a grid of cells is: from 0, whose 122 cells have some 4,000,000 km^2 each, to 15, whose cells have about 1 m^2.
///
/// A cell has seven children at the next finer resolution, a pentagon six. Resolutions are ordered by their numbers, so
/// that the finer one is the greater. One that is known can be written as a literal: `cell.parent(at: 5)`.
public struct Resolution: Hashable, Sendable {
    /// The number, 0...15.
    public let number: Int

    /// The resolution of a number.
    ///
    /// - Throws: `resolutionDomain` where `number` is outside 0...15.
    @inlinable
    public init(_ number: Int) throws(H3Error) {
        guard number >= 0, number <= 15 else { throw .resolutionDomain }
        self.number = number
    }

    /// The resolution of a number that is known to be 0...15.
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
    /// The resolution written as a literal; the program ends where that is outside 0...15. Numbers that are not written in
    /// the source go through `init(_:)`.
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
