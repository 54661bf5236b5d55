import Domain
import Foundation
import NYCOpenData

/// The outcome of `hextant nyc` as JSON.
struct NYCReport: Encodable {
    struct Property: Encodable {
        let bbl: BBL
        let borough: String
        let block: Int
        let lot: Int
        /// Parts by the names of their datasets.
        let sources: [String: Part]
    }

    /// The rows of a dataset, or the reason why there are none.
    struct Part: Encodable {
        private enum Key: String, CodingKey {
            case rows, count, open, newest, origin, stale, retrieved, error, temporary
        }

        private let write: @Sendable (inout KeyedEncodingContainer<Key>) throws -> Void

        init<Row: Encodable>(
            _ result: Result<NYCAnswer<Row>, NYCDataError>, _ figures: NYCTable.Figures
        ) {
            write = { container in
                switch result {
                case .success(let answer):
                    try container.encode(answer.rows, forKey: .rows)
                    try container.encode(answer.rows.count, forKey: .count)
                    try container.encodeIfPresent(figures.open, forKey: .open)
                    try container.encodeIfPresent(figures.newest, forKey: .newest)
                    try container.encode(answer.origin, forKey: .origin)
                    try container.encode(answer.isStale, forKey: .stale)
                    let retrieved = Instant(seconds: Int64(answer.retrieved.timeIntervalSince1970.rounded(.down)))
                    try container.encode(retrieved.description, forKey: .retrieved)
                case .failure(let error):
                    try container.encode(error.description, forKey: .error)
                    try container.encode(error.isTemporary, forKey: .temporary)
                }
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try write(&container)
        }
    }

    let asOf: CityDay
    let days: Int
    let properties: [Property]

    init(_ records: [PropertyRecords], days: Int, asOf: CityDay) {
        self.days = days
        self.asOf = asOf
        properties = records.map { record in
            var parts: [String: Part] = [:]
            func add<Row: Encodable>(
                _ source: NYCSource, _ result: Result<NYCAnswer<Row>, NYCDataError>?, _ figures: NYCTable.Figures
            ) {
                if let result { parts[source.rawValue] = Part(result, figures) }
            }
            let figures = NYCTable.figures(record)
            func figure(_ source: NYCSource) -> NYCTable.Figures { figures[source] ?? NYCTable.Figures() }
            add(.dobViolations, record.dobViolations, figure(.dobViolations))
            add(.hpdViolations, record.hpdViolations, figure(.hpdViolations))
            add(.complaints311, record.complaints311, figure(.complaints311))
            add(.permits, record.permits, figure(.permits))
            add(.olderPermits, record.olderPermits, figure(.olderPermits))
            return Property(
                bbl: record.bbl, borough: record.bbl.borough.description, block: record.bbl.block,
                lot: record.bbl.lot, sources: parts)
        }
    }
}

/// The outcome of `hextant nyc --health` as JSON.
struct NYCHealthReport: Encodable {
    let state: NYCHealth.State
    let parts: [NYCHealth.Part]
    let cache: NYCHealth.Cache
    let requests: NYCHealth.Requests

    init(_ health: NYCHealth) {
        (state, parts, cache, requests) = (health.state, health.parts, health.cache, health.requests)
    }
}

/// Parts that failed, after the others were printed.
struct NYCPartsFailed: Error, SeveralLines {
    private static let mostLines = 20

    let lines: [String]
    let errors: [NYCDataError]

    /// - Returns: `nil` when none failed.
    init?(_ records: [PropertyRecords]) {
        let failed = records.flatMap { record in
            NYCSource.allCases.compactMap { source in record.errors[source].map { (record.bbl, $0) } }
        }
        guard !failed.isEmpty else { return nil }
        var lines = failed.prefix(Self.mostLines).map { "\($0.0): \($0.1)" }
        if failed.count > lines.count { lines.append("\(failed.count - lines.count) further requests failed") }
        self.lines = lines
        errors = failed.map(\.1)
    }
}

extension ExitStatus {
    init(_ error: NYCDataError) {
        switch error {
        case .badBBL: self = .badData
        case .cache: self = .configuration
        case .source(let failure) where failure.kind == .configuration: self = .configuration
        case .rateLimited, .circuitOpen, .source: self = error.isTemporary ? .unavailable : .failure
        }
    }

    /// The status of the failures together: unavailable if trying again may help with one of them.
    init(_ failed: NYCPartsFailed) {
        let statuses = failed.errors.map { Self($0) }
        self = statuses.first { $0 == .unavailable } ?? statuses.first ?? .failure
    }
}
