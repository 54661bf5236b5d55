import Accounts
import Domain
import Foundation
import HTTPTypes
import Logging
import Spending
import Testing
import Web

@testable import Server

/// The description of the API (`static/openapi.json`) and the endpoints say the same.
@Suite struct DescriptionTests {
    private struct Description: Decodable {
        let paths: [String: [String: Operation]]
    }

    private struct Operation: Decodable {
        /// The name of the rule in ``AccessRule``.
        let access: String
        /// The route's template, if a path of OpenAPI cannot express it.
        let route: String?

        private enum CodingKeys: String, CodingKey {
            case access = "x-hextant-access"
            case route = "x-hextant-route"
        }
    }

    private static let file = (0..<4).reduce(URL(filePath: #filePath)) { file, _ in file.deletingLastPathComponent() }
        .appending(path: "static/openapi.json")

    /// The endpoints of a server that has every part.
    private static func endpoints() throws -> Endpoints {
        let store = MemoryStore()
        let operations = MemoryOperations()
        var sources = store.sources
        sources.accounts = MemoryAccounts { _ in }.sources(AccessVersion(1))
        sources.administration = operations
        sources.caches = operations
        sources.system = (repository: MemorySystem(), version: "1.0")
        sources.ingest = (records: NoIngest(), service: NoIngest())
        sources.feeds = NoFeeds()
        sources.expenditures = NoExpenditures()
        sources.areas = (repository: NoAreas(), version: AreaVersion())
        sources.spending = NoSpending()
        sources.alerts = NoAlerts()
        let models = MemoryModels()
        sources.models = (repository: models, predictor: models)
        let configuration = ServerConfiguration()
        return try Endpoints(
            configuration, sources, TileParts(configuration, sources: sources, logger: Logger(label: "test")),
            StaticFiles(root: file.deletingLastPathComponent().path))
    }

    @Test func everyRouteIsDescribedWithItsRuleAndNoOther() throws {
        let description = try JSONDecoder().decode(Description.self, from: Data(contentsOf: Self.file))
        let described = Set(
            description.paths.flatMap { path, operations in
                operations.map { "\($0.key.uppercased()) \($0.value.route ?? path): \($0.value.access)" }
            })
        let declared = Set(
            try Self.endpoints().all.flatMap { endpoint in
                endpoint.operations.map { "\($0.key.rawValue) \(endpoint.path): \($0.value.rule.name)" }
            })
        #expect(declared.subtracting(described) == [], "not in static/openapi.json")
        #expect(described.subtracting(declared) == [], "not an endpoint")
    }
}

extension AccessRule {
    fileprivate var name: String {
        switch self {
        case .open: "open"
        case .reader: "reader"
        case .role(let role): role.rawValue
        }
    }
}

/// Stands where a server that ingests has its store.
private struct NoIngest: IngestRepository, IngestService {
    private struct Absent: Error {}

    func batch(_ id: Int64) async throws -> IngestBatch? { throw Absent() }

    func batches(of dataset: Slug?, _ page: PageRequest<IngestBatch>) async throws -> Page<IngestBatch> {
        throw Absent()
    }

    func deadLetters(
        _ query: DeadLetterQuery, _ page: PageRequest<StoredDeadLetter>
    ) async throws -> Page<StoredDeadLetter> { throw Absent() }

    func ingest(_ upload: FileUpload) async throws -> IngestedUpload { throw Absent() }

    func remediate(
        batch: Int64, mapping: String, reason: String?, by requester: Requester?
    ) async throws -> Remediation { throw Absent() }

    func delete(batch: Int64, by requester: Requester?) async throws -> DeletedBatch { throw Absent() }
}

/// Stands where a server that reads feeds has them.
private struct NoFeeds: FeedRepository {
    private struct Absent: Error {}

    func feeds() async throws -> [FeedStatus] { [] }

    func feed(_ name: Slug) async throws -> FeedStatus? { nil }

    func checkpoints(
        of feed: Slug, _ page: PageRequest<FeedCheckpointRecord>
    ) async throws -> Page<FeedCheckpointRecord> {
        throw Absent()
    }

    func prepare(_ feed: Slug) async throws { throw Absent() }

    func run(_ feed: Slug, by requester: Requester?, key: String?) async throws -> AnalyticsRun { throw Absent() }

    func renew(_ feed: Slug, by requester: Requester?, key: String?) async throws -> AnalyticsRun { throw Absent() }
}

/// Stands where a server has datasets of expenditures.
private struct NoExpenditures: ExpenditureRepository {
    private struct Absent: Error {}

    func expenditures(
        _ query: ExpenditureQuery, _ page: PageRequest<Expenditure>
    ) async throws -> Page<Expenditure> {
        throw Absent()
    }

    func expenditure(_ id: Int64) async throws -> Expenditure? { nil }

    func datasets(in scope: DatasetScope, limit: Int) async throws -> [Slug] { [] }

    func status(of dataset: Slug) async throws -> ExpendituresStatus? { nil }

    func add(
        _ fields: ExpenditureFields, sourceID: String?, to dataset: Slug, by requester: Requester?
    ) async throws -> Expenditure {
        throw Absent()
    }

    func change(
        _ id: Int64, of dataset: Slug, to fields: ExpenditureFields, ifVersion version: Int64?,
        by requester: Requester?
    ) async throws -> Expenditure {
        throw Absent()
    }

    func delete(_ id: Int64, of dataset: Slug, ifVersion version: Int64?, by requester: Requester?) async throws {
        throw Absent()
    }
}

/// Stands where a server that counts by area has its layers.
private struct NoSpending: SpendingRepository {
    func version(of dataset: Slug) async throws -> SpendingVersion? { nil }
    func figures<Figures: Sendable>(
        of dataset: Slug, _ version: SpendingVersion, _ filter: ExpenditureFilter,
        _ compute: @escaping @Sendable (ExpenditureTable) -> Figures
    ) async throws -> Figures {
        compute(try ExpenditureTable.Builder(limit: 1 << 20).table())
    }
    func places(of dataset: Slug, _ kind: ExpenditurePlace.Kind) async throws -> [ExpenditurePlace] { [] }
    func areas(of layer: AreaLayer, at places: [ExpenditurePlace]) async throws -> [Int32?] { [] }
    func tile(_ zoom: Int, _ column: Int, _ row: Int, of points: [SpendingPoint]) async throws -> [UInt8] { [] }
}

private struct NoAlerts: AlertRepository {
    func alerts(_ query: AlertQuery, _ page: PageRequest<Alert>) async throws -> Page<Alert> { Page([], of: page) }
}

private struct NoAreas: AreaRepository {
    private struct Absent: Error {}

    func layers() async throws -> [AreaLayer] { [] }

    func layer(_ slug: Slug) async throws -> AreaLayer? { nil }

    func counts(of dataset: Slug, in layer: AreaLayer) async throws -> AreaCounts? { nil }

    func areas(of layer: AreaLayer) async throws -> AreaTable { throw Absent() }

    func figures(_ query: AreaFigureQuery) async throws -> AreaFigureTable? { nil }

    func history(of area: Int32, _ query: AreaFigureQuery, _ table: AreaFigureTable) async throws -> AreaHistory {
        throw Absent()
    }

    func numbers(_ search: AreaSearch) async throws -> [Int32] { [] }

    func number(of layer: AreaLayer, at place: Area.Place) async throws -> Int32? { nil }

    func outlines(of numbers: [Int32], in layer: AreaLayer, isSimple: Bool) async throws -> [Int32: AreaOutline] {
        [:]
    }
}
