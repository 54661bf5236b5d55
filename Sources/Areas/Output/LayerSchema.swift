import Formats

/// The columns and the kind of geometry of a whole layer, found by reading it.
struct LayerSchema {
    enum Shape: Hashable {
        case point
        case points
        case lines
        case polygons
        /// Several kinds, or collections.
        case mixed
    }

    private(set) var columns: [(name: String, kind: FeatureProperty.Kind)] = []
    var shape: Shape?
    private(set) var recordCount = 0
    private var places: [String: Int] = [:]
    /// The columns of which no value was seen yet.
    private var isOpen: Set<Int> = []
    private let mostColumns: Int

    init(mostColumns: Int) { self.mostColumns = mostColumns }

    /// - Throws: `Fault` when there are more columns than allowed.
    mutating func add(_ record: AreaRecord) throws(Fault) {
        recordCount += 1
        if let geometry = record.geometry {
            let found = Self.shape(geometry)
            shape = shape == nil || shape == found ? found : Self.joined(shape, found)
        }
        for property in record.properties { try add(property.name, property.value) }
    }

    private mutating func add(_ name: String, _ value: PropertyValue) throws(Fault) {
        guard let place = places[name] else {
            guard columns.count < mostColumns else {
                throw Fault("has a property beyond the limit of \(mostColumns) columns", .limit)
            }
            places[name] = columns.count
            if value == .null { isOpen.insert(columns.count) }
            columns.append((name, value.kind ?? .text))
            return
        }
        guard let kind = value.kind else { return }
        if isOpen.remove(place) != nil {
            columns[place].kind = kind
        } else if columns[place].kind != kind {
            let numbers: Set<FeatureProperty.Kind> = [.integer, .number]
            columns[place].kind = numbers.isSuperset(of: [columns[place].kind, kind]) ? .number : .text
        }
    }

    private static func shape(_ geometry: Geometry) -> Shape {
        switch geometry {
        case .point: .point
        case .points: .points
        case .line, .lines: .lines
        case .polygon, .polygons: .polygons
        case .collection: .mixed
        }
    }

    private static func joined(_ one: Shape?, _ other: Shape) -> Shape {
        [.point, .points].contains(one) && [.point, .points].contains(other) ? .points : .mixed
    }
}

extension PropertyValue {
    fileprivate var kind: FeatureProperty.Kind? {
        switch self {
        case .text: .text
        case .integer: .integer
        case .number: .number
        case .truth: .truth
        case .json: .object
        case .null: nil
        }
    }
}
