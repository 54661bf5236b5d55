import Domain
import Formats
import Web

/// The order of a list of areas.
struct AreaOrder: Hashable {
    enum Property: Hashable {
        case id
        case name
        case population
        case figure(AreaFigure)
    }

    let property: Property
    let isDescending: Bool

    static let byID = AreaOrder(property: .id, isDescending: false)
    static let names = ["id", "name", "population"] + AreaFigure.allCases.map(\.rawValue)

    init(property: Property, isDescending: Bool) {
        self.property = property
        self.isDescending = isDescending
    }

    /// Parses the name of a property, with a minus in front for a list that begins with the greatest.
    init?(_ text: String) {
        isDescending = text.hasPrefix("-")
        switch isDescending ? String(text.dropFirst()) : text {
        case "id": property = .id
        case "name": property = .name
        case "population": property = .population
        case let name:
            guard let figure = AreaFigure(rawValue: name) else { return nil }
            property = .figure(figure)
        }
    }

    var needsFigures: Bool { if case .figure = property { true } else { false } }

    /// The indices in this order; areas without a value come last, and equal ones in the order of their ids.
    func sorted(_ indices: [Int], _ table: AreaTable, _ figures: AreaFigureTable?) -> [Int] {
        func sorted(_ value: (Int) -> Double?) -> [Int] {
            let valued = indices.compactMap { index in value(index).map { (index: index, value: $0) } }
            let ordered = valued.sorted { one, other in
                if one.value != other.value { return (one.value < other.value) != isDescending }
                return one.index < other.index
            }
            return ordered.map(\.index) + indices.filter { value($0) == nil }
        }
        switch property {
        case .id: return isDescending ? indices.reversed() : indices
        case .name:
            return indices.sorted { one, other in
                let (first, second) = (table.areas[one].name, table.areas[other].name)
                return first != second ? (first < second) != isDescending : one < other
            }
        case .population: return sorted { table.areas[$0].population }
        case .figure(let figure): return sorted { index in figures.flatMap { figure.value(of: $0.figures[index]) } }
        }
    }
}

extension QueryParameters {
    mutating func areaOrder() -> AreaOrder {
        parsed("sort", "one of \(AreaOrder.names.joined(separator: ", ")), with - in front for the greatest first") {
            AreaOrder($0)
        } ?? .byID
    }

    mutating func areaFigure() -> AreaFigure {
        parsed("figure", "one of \(AreaFigure.allCases.map(\.rawValue).joined(separator: ", ")), or none") {
            AreaFigure(rawValue: $0)
        } ?? .empiricalBayesRate
    }

    mutating func areaGeometry() -> AreaGeometry? {
        parsed("geometry", "one of \(AreaGeometry.allCases.map(\.rawValue).joined(separator: ", "))") {
            AreaGeometry(rawValue: $0)
        }
    }

    /// Parses a part of a name or an id of at most so many bytes that no index is searched for nothing.
    mutating func areaText(_ name: String) -> String? {
        parsed(name, "a text of 1 to 500 bytes") { (1...500).contains($0.utf8.count) ? $0 : nil }
    }
}
