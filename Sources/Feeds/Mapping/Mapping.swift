package import Domain

/// How the columns of a file become events.
///
/// Read from YAML; `docs/mappings.md` describes every key.
package struct Mapping: Sendable {
    /// The mapping's file, for messages.
    package let file: String
    /// How the file is written, as far as the mapping states it.
    package var dialect: Dialect
    /// The separator of thousands; nil where it has to be evident.
    let thousands: NumberReader.Thousands?
    let eventType: EventTypeRule
    let eventID: Column?
    /// How events without an id are recognised when they come again.
    package let identity: RowIdentity
    let time: TimeRule
    var coordinates: CoordinateRule
    /// The number of events that a record stands for; one event without it.
    let count: CountRule?
    let filters: [Filter]
    let attributes: AttributeRule
    /// The rule for giving up a file that the mapping evidently does not describe.
    package let rejects: RejectRule
    let proposal: ProposalRule
    let remedies: RemedyRules
    /// Expectations that files are compared with.
    package var expect: Expectations
    /// How records become expenditures; nil where they become events.
    let expenditure: ExpenditureRule?

    /// The kind of records that it makes.
    package var makes: DatasetContents { expenditure == nil ? .events : .expenditures }

    /// A column that the mapping needs, and the key that names it.
    struct Column: Sendable {
        /// The name as the mapping spells it. It is compared with the trimmed header without regard to case.
        let name: String
        /// Further names, of which the first counts that the file has, if it lacks `name`.
        var otherNames: [String] = []
        /// The key in the mapping, such as `coordinates.latitude`.
        let key: String
        let line: Int?
        var isOptional = false

        init(
            name: String, otherNames: [String] = [], key: String, line: Int?, isOptional: Bool = false
        ) {
            self.name = name
            self.otherNames = otherNames
            self.key = key
            self.line = line
            self.isOptional = isOptional
        }

        /// All names, in the order in which they are looked for.
        var names: [String] { [name] + otherNames }
    }

    struct CountRule: Sendable {
        let column: Column
        /// The words that stand for a count that the source keeps secret, in lower case.
        let suppressed: Set<String>
    }

    enum EventTypeRule: Sendable {
        case constant(String)
        case column(Column)
        /// The type is looked up by the column's value. A value not listed becomes `otherwise`, or is rejected without
        /// it.
        case lookup(Column, [String: String], otherwise: String?)
    }

    struct CoordinateRule: Sendable {
        var place: Place
        /// The projection from the reference system of the columns; nil where they are degrees of WGS 84.
        let projection: Projection?
        let allowsNullIsland: Bool
        let bounds: BoundingBox?

        enum Place: Sendable {
            /// The columns of longitude and latitude, or easting and northing.
            case point(longitude: Column, latitude: Column)
            /// The column with both in one text, and their order where the text does not say it.
            case text(Column, PlaceText.Axes)
            /// The column with a name or code whose point is in a file of places.
            case name(Column, NamedPlaces)
            /// The column with the code or name of an area of a layer, at whose label point the event is placed.
            case area(Column, NamedAreas)
            /// No place: the records are expenditures.
            case nowhere

            var columns: [Column] {
                switch self {
                case .point(let longitude, let latitude): [longitude, latitude]
                case .text(let column, _), .name(let column, _), .area(let column, _): [column]
                case .nowhere: []
                }
            }
        }
    }

    struct NamedPlaces: Sendable {
        /// The file as the mapping writes it, relative to the mapping's folder.
        let file: String
        let line: Int?
        /// Whether the file may be missing. Then every record becomes a dead letter, which can be read again later.
        let isOptional: Bool
        /// The places; nil until the file was read, or where there is none.
        var table: PlaceTable?
    }

    struct NamedAreas: Sendable {
        /// The slug of the layer.
        let layer: Slug
        let line: Int?
        /// Whether the column has names of areas; otherwise it has their ids.
        let isByName: Bool
        /// Whether the layer may be missing. Then every record becomes a dead letter, which can be read again later.
        let isOptional: Bool
        /// The file of places that is taken where there is no such layer.
        var places: NamedPlaces?
        /// The label points; nil until they were read, or where there is no such layer.
        var table: PlaceTable?
        /// Whether the points are those of the layer, and not of a file that somebody named in its place.
        var isOfLayer = false
    }

    /// A filter: only records are read whose column has, or does not have, one of the values.
    struct Filter: Sendable {
        let column: Column
        let values: Set<String>
        let keeps: Bool
    }

    enum AttributeRule: Sendable {
        /// A column with a JSON object.
        case json(Column)
        /// Columns as texts under their keys, then constant texts.
        case texts([(key: String, column: Column)], constants: [(key: String, value: String)])
        /// All otherwise unused columns, with exceptions. Columns about persons are taken only where they are included.
        case all(included: [Column], excluded: [Column], constants: [(key: String, value: String)])
    }

    /// The names of the columns that are looked for even where the first records of a file lack them.
    var wantedColumns: [String] {
        columns.filter { !$0.isOptional && $0.otherNames.isEmpty }.map(\.name) + expect.columns.map(\.name)
    }

    /// The names of each column that must be there under one of several.
    var wantedAlternatives: [[String]] {
        columns.filter { !$0.isOptional && !$0.otherNames.isEmpty }.map(\.names)
    }

    /// Every column that the mapping names for events.
    var columns: [Column] {
        var columns = coordinates.place.columns + filters.map(\.column)
        columns += time.source.columns + time.clock.columns + [eventID, count?.column].compactMap { $0 }
        columns += expenditure?.columns ?? []
        switch eventType {
        case .constant: break
        case .column(let column), .lookup(let column, _, _): columns.append(column)
        }
        switch attributes {
        case .json(let column): columns.append(column)
        case .texts(let texts, _): columns += texts.map(\.column)
        case .all(let included, let excluded, _): columns += included + excluded
        }
        return columns
    }
}
