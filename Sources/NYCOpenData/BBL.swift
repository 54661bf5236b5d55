/// The number of a tax lot in New York: borough, block and lot.
///
/// ```swift
/// let lot = try BBL("1007900009")
/// print(lot.borough, lot.block, lot.lot)  // Manhattan 790 9
/// ```
public struct BBL: Hashable, Sendable {
    /// A borough; the raw value is its digit.
    public enum Borough: Int, Hashable, Sendable, CaseIterable, CustomStringConvertible {
        /// New York County.
        case manhattan = 1
        /// Bronx County.
        case bronx = 2
        /// Kings County.
        case brooklyn = 3
        /// Queens County.
        case queens = 4
        /// Richmond County.
        case statenIsland = 5

        /// The name, such as `Staten Island`.
        public var description: String {
            switch self {
            case .manhattan: "Manhattan"
            case .bronx: "Bronx"
            case .brooklyn: "Brooklyn"
            case .queens: "Queens"
            case .statenIsland: "Staten Island"
            }
        }
    }

    /// The borough.
    public let borough: Borough
    /// The tax block, 1 to 99,999.
    public let block: Int
    /// The lot in the block, 1 to 9,999. Those of condominiums begin at 1001, and their billing lots at 7501.
    public let lot: Int

    /// Reads a number of ten digits: one of the borough, five of the block and four of the lot.
    ///
    /// - Throws: ``NYCDataError/badBBL(_:)`` unless there are ten digits, the first of them 1 to 5, with a block and a
    ///   lot that are not zero.
    public init(_ text: String) throws(NYCDataError) {
        let digits = text.utf8.map { Int($0) - 0x30 }
        guard digits.count == 10, digits.allSatisfy({ (0...9).contains($0) }) else {
            throw .badBBL(NYCDataError.BadBBL(text, "a BBL has ten digits"))
        }
        guard let borough = Borough(rawValue: digits[0]) else {
            throw .badBBL(NYCDataError.BadBBL(text, "its first digit is that of a borough, 1 to 5"))
        }
        let block = digits[1...5].reduce(0) { $0 * 10 + $1 }
        let lot = digits[6...9].reduce(0) { $0 * 10 + $1 }
        guard block > 0 else { throw .badBBL(NYCDataError.BadBBL(text, "its block, digits 2 to 6, is zero")) }
        guard lot > 0 else { throw .badBBL(NYCDataError.BadBBL(text, "its lot, digits 7 to 10, is zero")) }
        (self.borough, self.block, self.lot) = (borough, block, lot)
    }
}

extension BBL: CustomStringConvertible {
    /// The ten digits.
    public var description: String {
        "\(borough.rawValue)\(Self.padded(block, to: 5))\(Self.padded(lot, to: 4))"
    }

    static func padded(_ number: Int, to width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}

extension BBL: Codable {
    /// Reads the ten digits.
    /// - Throws: `DecodingError` for a text that is no BBL.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            self = try BBL(try container.decode(String.self))
        } catch let error as NYCDataError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes the ten digits as a text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
