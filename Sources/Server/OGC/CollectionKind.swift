import Accounts
import Domain
import Formats

/// The kinds of collections that each dataset has.
enum CollectionKind: String, CaseIterable, Sendable {
    case risk
    case topCells = "hotspots"
    case outlook
    case events

    /// The rule for who may see it, in addition to the right to the dataset.
    var rule: AccessRule { self == .events ? .role(.analyst) : .reader }

    var properties: [FeatureProperty] {
        switch self {
        case .risk: RiskFeatures.properties
        case .topCells: TopCellFeatures.properties
        case .outlook: OutlookFeatures.properties
        case .events: EventFeatures.properties.filter { !$0.isPlace }
        }
    }

    /// The properties that a filter may name.
    var queryables: [FeatureProperty] {
        switch self {
        case .risk: RiskRow.figures.filter { $0.outputs.contains(.filters) }.map { FeatureProperty($0) }
        case .topCells: TopCell.figures.filter { $0.outputs.contains(.filters) }.map { FeatureProperty($0) }
        case .outlook: OutlookRow.figures.filter { $0.outputs.contains(.filters) }.map { FeatureProperty($0) }
        case .events: EventFeatures.properties.filter { $0.kind != .object }
        }
    }

    /// The properties that a filter of a dataset's collection may name: with the attributes that the dataset names.
    func queryables(of dataset: Dataset) -> [FeatureProperty] {
        queryables + (self == .events ? dataset.queryables.map { FeatureProperty($0) } : [])
    }

    var summary: String {
        switch self {
        case .risk: "Scored H3 cells, by day."
        case .topCells: "Top cells of a period: those that were high, critical or flagged; by default the last 30 days."
        case .outlook:
            "Figures of a period, class as a hot or cold spot, and forecast of each cell; by default the newest."
        case .events: "Single events."
        }
    }
}

/// A collection of a list.
struct ListedCollection: Listed {
    let kind: CollectionKind
    let status: DatasetStatus

    var cursor: CollectionName { CollectionName(dataset: status.dataset.slug, kind: kind) }
}

/// The name of a collection: a dataset and the kind of its features.
struct CollectionName: Hashable, Sendable {
    let dataset: Slug
    let kind: CollectionKind

    var text: String { "\(dataset).\(kind.rawValue)" }

    init(dataset: Slug, kind: CollectionKind) {
        self.dataset = dataset
        self.kind = kind
    }

    /// - Returns: `nil` for a text that cannot name a collection.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let dataset = Slug(parts[0]), let kind = CollectionKind(rawValue: String(parts[1]))
        else { return nil }
        self.init(dataset: dataset, kind: kind)
    }
}
