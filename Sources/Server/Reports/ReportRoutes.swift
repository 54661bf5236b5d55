import Caching
import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Reports
import Web

/// Answers `/v1/reports/{slug}/...`: a page about a dataset, a cell or an area to print or to take to a meeting.
struct ReportRoutes: Sendable {
    /// How long a report is kept. The version of the data is part of its name, but events that are stored meanwhile are
    /// counted before a refresh has them.
    private static let age = Duration.seconds(300)
    private static let known = ["as_of", "period", "kind", "lang", "paper"]

    let catalogue: DatasetCatalogue
    let gatherer: ReportGatherer
    let areas: AreaVersion?
    let answers: AnswerCache
    let drawing: DrawingThreads
    /// Whether the page on what figures cannot tell is served.
    let hasLimits: Bool

    /// The kind of subject that a path is of.
    fileprivate enum Subject {
        case dataset
        case cell
        case area

        var path: String {
            switch self {
            case .dataset: "dataset"
            case .cell: "cell/{h3}"
            case .area: "area/{layer}/{id}"
            }
        }
    }

    var endpoints: [Endpoint] {
        var all: [Endpoint] = []
        for format in ReportFormat.allCases {
            for subject in [Subject.dataset, .cell] + (gatherer.areas == nil ? [] : [.area]) {
                all.append(
                    .get("/v1/reports/{slug}/\(subject.path).\(format.rawValue)", .reader, cost: .units(5)) {
                        try await respond($0, $1, subject, format)
                    })
            }
        }
        return all
    }

    private func respond(
        _ request: Request, _ context: ClientContext, _ subject: Subject, _ format: ReportFormat
    ) async throws -> Response {
        // A cell has its resolution.
        var parameters = QueryParameters(
            request, context, known: Self.known + (subject == .cell ? [] : ["resolution"]))
        let slug = parameters.parsed("slug", Slug.form) { Slug($0) }
        let named = subject.read(&parameters)
        let asked = OutlookParameters(&parameters, withClasses: false)
        let period = parameters.text("period") == nil ? nil : asked.period
        let resolution = subject == .cell ? nil : parameters.resolution()
        let language = parameters.parsed("lang", "en or fr") { ReportLanguage(rawValue: $0) } ?? .english
        let paper = parameters.parsed("paper", "a4 or letter") { ReportPaper(rawValue: $0) } ?? .a4
        try parameters.check()
        guard let slug, let named else { throw Problem.fault }

        // Read first: what is found after that may be newer, but is never older.
        let version = areas.map(\.value)
        let status = try await catalogue.dataset(slug, for: context)
        if subject == .area { try status.needEveryCount(for: "Reports of areas") }
        let order = ReportOrder(
            named, asOf: asked.hasDay ? asked.day(of: status) : nil, period: period, kind: asked.kind,
            resolution: resolution)
        let make = { @Sendable [gatherer, drawing] () async throws -> ByteBuffer in
            let data = try await gatherer.gather(order, of: status)
            return ByteBuffer(bytes: try await drawing.bytes(of: data, format, language, paper))
        }
        let body: ByteBuffer
        if case .some(.none) = version {
            // Nobody knows whether areas change now.
            body = try await make()
        } else {
            let areas = version.flatMap(\.self).map(String.init) ?? "-"
            let parts = [
                "report", status.versionText, areas, "\(order)", format.rawValue, language.rawValue, paper.rawValue,
            ]
            body = try await answers.answer(parts.joined(separator: "\u{1f}"), for: Self.age, make)
        }
        return try answer(body, to: request, format, name: order.fileName(of: slug), in: context)
    }

    private func answer(
        _ body: ByteBuffer, to request: Request, _ format: ReportFormat, name: String, in context: ClientContext
    ) throws -> Response {
        var response: Response
        if format == .svg {
            response = body.response(to: request, mediaType: format.mediaType, vary: "Accept-Encoding")
        } else {
            // These forms are compressed.
            let tag = "\"\(ContentTag.of(body))\""
            var headers: HTTPFields = [.cacheControl: "no-cache", .eTag: tag]
            if EntityTag.isKnown(tag, ifNoneMatch: request.headers.combined(.ifNoneMatch)) {
                return Response(status: .notModified, headers: headers)
            }
            headers[.contentType] = format.mediaType
            response = Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
        }
        guard response.status == .ok else { return response }
        response.headers[.contentDisposition] = "inline; filename=\"\(name).\(format.rawValue)\""
        if hasLimits { response.headers[.link] = LimitsPage.header(try context.origin.text()) }
        return response
    }
}

extension ReportRoutes.Subject {
    /// Reads the subject from the path. Faults are collected in `parameters`.
    fileprivate func read(_ parameters: inout QueryParameters) -> ReportSubject? {
        switch self {
        case .dataset: return .dataset
        case .cell: return parameters.cell("h3").map(ReportSubject.cell)
        case .area:
            let layer = parameters.layer()
            let id = parameters.areaText("id")
            guard let layer, let id else { return nil }
            return .area(layer: layer, id: id)
        }
    }
}

extension ReportOrder {
    /// The name of a file with the report, without what an area's id may hold.
    func fileName(of dataset: Slug) -> String {
        switch subject {
        case .dataset: return "\(dataset)-report"
        case .cell(let cell): return "\(dataset)-\(cell)"
        case .area(let layer, let id):
            let harmless = id.unicodeScalars.filter {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-")
            }
            return "\(dataset)-\(layer)-\(String(String.UnicodeScalarView(harmless)).prefix(64))"
        }
    }
}

extension DatasetStatus {
    /// Everything of a status that a report shows or depends on, as a text.
    fileprivate var versionText: String {
        let about = [
            dataset.title, dataset.attribution, dataset.licence, dataset.licenceURL ?? "", dataset.areas?.text ?? "",
            dataset.timeZone, "\(dataset.resolutions)", "\(dataset.thresholds)", "\(dataset.groups)",
            "\(dataset.eventWeights.sorted { $0.key < $1.key })",
        ]
        let served = ["\(generation)", "\(disclosure)", "\(days.map { "\($0)" } ?? "-")", "\(outlookDays)"]
        return ([dataset.slug.text] + served + about).joined(separator: "\u{1f}")
    }
}
