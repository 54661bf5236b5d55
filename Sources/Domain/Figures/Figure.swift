package import H3

/// A named value that rows of a list have: its type, its meaning and where it appears.
///
/// The lists of figures (``RiskRow/figures``, ``TopCell/figures``) are the only places that name them. The layer of
/// tiles, the properties of features, the names in filters and the columns of their statements follow from these lists.
package struct Figure<Row>: Sendable {
    /// The type of the value, with how a row gives it.
    package enum Value: Sendable {
        case cell(@Sendable (Row) -> H3Cell)
        case day(@Sendable (Row) -> LocalDay)
        case level(@Sendable (Row) -> RiskLevel)
        case integer(@Sendable (Row) -> Int)
        case number(@Sendable (Row) -> Double)
        case truth(@Sendable (Row) -> Bool)
        /// A text that a row may lack.
        case text(@Sendable (Row) -> String?)
        /// `nil` where a row has no value.
        case optionalInteger(@Sendable (Row) -> Int?)
        case optionalNumber(@Sendable (Row) -> Double?)
    }

    /// The name in every output, which is also that of the column in statements.
    package let name: String
    package let value: Value
    /// The meaning, without a full stop.
    package let meaning: String
    /// The unit, in words that follow "in"; `nil` for values without one.
    package let unit: String?
    /// The only texts that a value may be, in their order; `nil` for values of another kind and for free texts.
    package let words: [String]?
    package let outputs: FigureOutputs

    /// - Parameter words: The only texts that a value may be. Those of levels need not be stated.
    package init(
        _ name: String, _ value: Value, _ meaning: String, in unit: String? = nil, words: [String]? = nil,
        outputs: FigureOutputs
    ) {
        self.name = name
        self.value = value
        self.meaning = meaning
        self.unit = unit
        if case .level = value {
            self.words = RiskLevel.allCases.map(\.rawValue)
        } else {
            self.words = words
        }
        self.outputs = outputs
    }

    /// The meaning and the unit as a sentence.
    package var summary: String { unit.map { "\(meaning), in \($0)." } ?? "\(meaning)." }
}

/// The outputs that have a figure.
package struct FigureOutputs: OptionSet, Sendable {
    /// The layer of a tile: `risk` of one day, or `outlook`.
    package static let tiles = Self(rawValue: 1)
    /// Lists in every format.
    package static let lists = Self(rawValue: 2)
    /// Filters.
    package static let filters = Self(rawValue: 4)

    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }
}
