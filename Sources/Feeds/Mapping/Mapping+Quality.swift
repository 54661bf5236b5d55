import Domain

extension Mapping {
    /// The rules that mend known faults of records.
    struct RemedyRules: Sendable {
        /// Whether coordinates that are inside the bounds only when exchanged are exchanged.
        var swapsCoordinates = false
        /// The columns in which the word false stands for a missing value.
        var falseForNull: [Column] = []
        /// The attributes of which a text that is a number becomes a number.
        var numbersAsText: [Column] = []

        init() {}
    }

    static func remedies(_ top: MappingNode) throws(FeedError) -> RemedyRules {
        var rules = RemedyRules()
        guard let node = try top.node("remedies", keys: Remedy.allCases.map(\.rawValue)) else { return rules }
        rules.swapsCoordinates = try node.flag(Remedy.swappedCoordinates.rawValue)
        if rules.swapsCoordinates {
            let place = try top.node("coordinates", keys: placeKeys)
            guard place?.has("bounds") == true else {
                throw node.error(
                    Remedy.swappedCoordinates.rawValue, "needs coordinates.bounds: to tell which are swapped")
            }
            guard place?.has("place") != true else {
                throw node.error(Remedy.swappedCoordinates.rawValue, "has no meaning with coordinates.place:")
            }
        }
        rules.falseForNull = try optional(node.columns(Remedy.falseForNull.rawValue))
        rules.numbersAsText = try optional(node.columns(Remedy.numbersAsText.rawValue))
        return rules
    }

    /// The columns as those that a file may lack.
    private static func optional(_ columns: [Column]) -> [Column] {
        columns.map { column in
            var column = column
            column.isOptional = true
            return column
        }
    }

    static func expectations(_ top: MappingNode) throws(FeedError) -> Expectations {
        guard let node = try top.node("expect", keys: expectKeys) else { return Expectations() }
        var expect = Expectations()
        if let texts = try node.texts("rows") {
            let numbers = texts.compactMap { Int($0) }
            guard numbers.count == 2, texts.count == 2, numbers[0] >= 0, numbers[0] <= numbers[1] else {
                throw node.error("rows", "must be the least and the greatest number of records, such as [1, 60000]")
            }
            expect.rows = numbers[0]...numbers[1]
        }
        expect.rowChange = try number(node, "row_change", 0...1000)
        expect.validShare = try number(node, "valid_share", 0...1)
        if let text = try node.text("fresh_days") {
            guard let days = Int(text), (1...36_500).contains(days) else {
                throw node.error("fresh_days", "must be a whole number from 1 to 36500")
            }
            expect.freshDays = days
        }
        let nodes = try node.nodes("columns", keys: columnKeys)
        guard nodes.count <= Expectations.mostColumns else {
            throw node.error("columns", "must be at most \(Expectations.mostColumns)")
        }
        for column in nodes {
            let described = try expectation(column)
            guard !expect.columns.contains(where: { $0.name == described.name }) else {
                throw column.error("column", "\"\(described.name)\" is described twice")
            }
            expect.columns.append(described)
        }
        return expect
    }

    private static func expectation(_ node: MappingNode) throws(FeedError) -> ColumnExpectation {
        var range: [Double]?
        if let texts = try node.texts("range") {
            range = texts.compactMap { Double($0) }
            guard range?.count == texts.count else { throw node.error("range", "must be two numbers") }
        }
        let name = try node.requiredText("column")
        let type = try node.text("type")
        let allowed = try node.texts("in")
        let isRequired = try node.flag("required")
        let isUnique = try node.flag("unique")
        do throws(ExpectationFault) {
            return try ColumnExpectation(
                name: name, kind: type, range: range, allowed: allowed, isRequired: isRequired, isUnique: isUnique)
        } catch {
            throw node.error(error.key, error.problem)
        }
    }

    private static func number(
        _ node: MappingNode, _ key: String, _ range: ClosedRange<Double>
    ) throws(FeedError) -> Double? {
        guard let text = try node.text(key) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw node.error(key, "must be a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
        }
        return number
    }

    private static let expectKeys = ["rows", "row_change", "fresh_days", "valid_share", "columns"]
    private static let columnKeys = ["column", "type", "range", "in", "required", "unique"]
}
