package import Domain
import H3

extension FeatureProperty {
    /// The property with the values of a figure.
    package init<Row>(_ figure: Figure<Row>) {
        let kind: Kind =
            switch figure.value {
            case .cell, .level, .text: .text
            case .day: .day
            case .integer, .optionalInteger: .integer
            case .number, .optionalNumber: .number
            case .truth: .truth
            }
        var texts = figure.words.map { Texts.among($0) } ?? .any
        if case .cell = figure.value { texts = .cells }
        self.init(figure.name, kind, texts: texts)
    }
}

extension PropertyValue {
    /// The value that a row has of a figure.
    package init<Row>(_ figure: Figure<Row>, of row: Row) {
        self =
            switch figure.value {
            case .cell(let cell): .text(cell(row).description)
            case .day(let day): .text(day(row).description)
            case .level(let level): .text(level(row).rawValue)
            case .integer(let number): .integer(number(row))
            case .number(let number): .number(number(row))
            case .truth(let truth): .truth(truth(row))
            case .text(let text): PropertyValue(text(row))
            case .optionalInteger(let number): number(row).map(Self.integer) ?? .null
            case .optionalNumber(let number): number(row).map(Self.number) ?? .null
            }
    }
}
