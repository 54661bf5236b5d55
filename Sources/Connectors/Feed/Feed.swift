package import Domain
package import Fetch
package import Jobs

/// A feed: a source that is read again and again into a dataset.
package struct Feed: Sendable {
    package let name: Slug
    package let dataset: Slug
    /// Name of a built-in mapping, or path of another.
    package let mapping: String
    /// Path of a file of places to take in place of the mapping's.
    package let places: String?
    /// The dataset as it is added when there is none; `nil` when the operator adds it.
    package let newDataset: Dataset?
    /// When it is read; `nil` when only on request.
    package let schedule: CronExpression?
    package let expect: FeedExpectation
    package let access: SourceAccess
    package let source: SourceParameters

    /// The kind of its source, such as `socrata`.
    package var kind: String { source.kind }

    /// The names of the secrets that it needs.
    package var secrets: [String] { source.secrets }

    /// The source that reads it.
    package func open(_ fetcher: Fetcher) -> any FeedSource {
        let pages = RowPages(fetcher: fetcher)
        let reader: any FeedSource =
            switch source {
            case .ukPolice(let parameters): UKPoliceSource(parameters, access, pages)
            case .socrata(let parameters): SocrataSource(parameters, access, pages)
            case .ckan(let parameters): CKANSource(parameters, access, pages)
            case .arcgis(let parameters): ArcGISSource(parameters, access, pages)
            case .opendatasoft(let parameters): OpendatasoftSource(parameters, access, pages)
            case .geojson(let parameters): GeoJSONSource(parameters, access, pages)
            case .csv(let parameters): CSVSource(parameters, access, pages)
            }
        return GuardedSource(reader, source, fetcher)
    }
}

/// The kind of a source with its parameters.
package enum SourceParameters: Hashable, Sendable {
    case ukPolice(UKPoliceParameters)
    case socrata(SocrataParameters)
    case ckan(CKANParameters)
    case arcgis(ArcGISParameters)
    case opendatasoft(OpendatasoftParameters)
    case geojson(GeoJSONParameters)
    case csv(CSVParameters)

    /// The kinds as a feed file writes them.
    static let kinds = ["uk-police", "socrata", "ckan", "arcgis", "geojson", "opendatasoft", "csv"]

    package var kind: String {
        switch self {
        case .ukPolice: "uk-police"
        case .socrata: "socrata"
        case .ckan: "ckan"
        case .arcgis: "arcgis"
        case .opendatasoft: "opendatasoft"
        case .geojson: "geojson"
        case .csv: "csv"
        }
    }

    /// The texts in which secrets may be written.
    private var texts: [String] {
        switch self {
        case .ukPolice(let parameters): [parameters.base]
        case .socrata(let parameters): [parameters.base, parameters.token ?? ""]
        case .ckan(let parameters): [parameters.base]
        case .arcgis(let parameters): [parameters.url, parameters.token ?? ""]
        case .opendatasoft(let parameters): [parameters.base, parameters.key ?? ""]
        case .geojson(let parameters): [parameters.url]
        case .csv(let parameters): [parameters.url]
        }
    }

    var secrets: [String] {
        var names: [String] = []
        for name in texts.flatMap({ (try? Secrets.names(in: $0)) ?? [] }) where !names.contains(name) {
            names.append(name)
        }
        return names
    }
}

/// The batches that a feed is expected to bring. A part that is not stated is not checked.
package struct FeedExpectation: Hashable, Sendable {
    /// How many rows a part has.
    package var rows: ClosedRange<Int>?
    /// How old the newest event may be, in days.
    package var freshDays: Int?
    /// The least share of rows that become events, from 0 to 1.
    package var validShare: Double?
    /// Share by which the number of rows may differ from the median of the last batches.
    package var rowChange: Double?
    package var columns: [ColumnExpectation] = []

    package init(rows: ClosedRange<Int>? = nil, freshDays: Int? = nil, validShare: Double? = nil) {
        self.rows = rows
        self.freshDays = freshDays
        self.validShare = validShare
    }

    /// The expectations as an upload states them, so that its batch is compared with them.
    package var expectations: Expectations {
        Expectations(
            rows: rows, rowChange: rowChange, freshDays: freshDays, validShare: validShare, columns: columns)
    }

    /// The expectations that a batch does not fulfil, as sentences.
    /// - Parameters:
    ///   - received: The rows of the batch that the mapping does not leave out.
    ///   - accepted: How many of them are events.
    ///   - newest: The newest event of the dataset.
    package func findings(received: Int, accepted: Int, newest: Instant?, now: Instant) -> [String] {
        var findings: [String] = []
        if let rows, !rows.contains(received) {
            findings.append("\(received) rows came where \(rows.lowerBound) to \(rows.upperBound) are expected")
        }
        if let validShare, received > 0, Double(accepted) < validShare * Double(received) {
            findings.append("\(accepted) of \(received) rows are valid, less than the expected share of \(validShare)")
        }
        if let freshDays, let newest, now - newest > .days(freshDays) {
            findings.append(
                "the newest event is \(Int((now - newest) / .days(1))) days old, more than the expected \(freshDays)")
        }
        return findings
    }
}
