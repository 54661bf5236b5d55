import Domain
import Formats
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Spending
import Web

/// The common part of the routes of expenditures: the dataset, the version of its expenditures, and the kept answers.
struct SpendingAnswers: Sendable {
    /// How long answers are kept. Their names have the version of the expenditures, so they are never outdated.
    private static let age = Duration.seconds(300)

    let known: ExpenditureCatalogue
    let spending: any SpendingRepository
    let answers: AnswerCache

    /// A dataset that holds expenditures.
    struct Found: Sendable {
        let dataset: Dataset
        let version: SpendingVersion
    }

    /// The dataset with a slug; without one, the only dataset with expenditures that the client sees.
    /// - Throws: ``Problem`` as ``ExpenditureCatalogue/dataset(_:for:)``.
    func find(_ slug: Slug?, for context: ClientContext) async throws -> Found {
        let dataset = try await known.dataset(slug, for: context)
        guard let version = try await spending.version(of: dataset.slug) else {
            throw Problem.notFound("There is no dataset \(dataset.slug).", field: "dataset")
        }
        return Found(dataset: dataset, version: version)
    }

    /// The figures that `compute` makes of a dataset's expenditures.
    /// - Throws: ``Problem`` 400 where they are too many for the memory of this server.
    func figures<Figures: Sendable>(
        of found: Found, _ filter: ExpenditureFilter,
        _ compute: @escaping @Sendable (ExpenditureTable) -> Figures
    ) async throws -> Figures {
        do {
            return try await spending.figures(of: found.dataset.slug, found.version, filter, compute)
        } catch let fault as ExpenditureTable.Fault {
            switch fault {
            case .tooLarge(let limit):
                throw Problem.badRequest([
                    .init(
                        field: "fiscal_year",
                        message: "must choose fewer expenditures, or department or vendor must: those selected need "
                            + "more than the \(limit >> 20) MiB of this server (setting spending_memory)")
                ])
            case .tooMuch: throw Problem.badRequest([.init(field: "dataset", message: "cannot be added up: \(fault)")])
            }
        }
    }

    /// The answer to a request, made by `table` where it is not at hand.
    /// - Parameters:
    ///   - parts: Versions of what else the answer is made of.
    ///   - name: The name of a file with the answer.
    func answer(
        _ request: Request, _ context: ClientContext, _ asked: SpendingParameters, _ parameters: QueryParameters,
        _ found: Found, parts: String = "", name: String, _ table: @escaping @Sendable () async throws -> SpendingTable
    ) async throws -> Response {
        let link = PageLink(
            origin: try context.origin.text(), path: request.uri.path, parameters: parameters,
            resolved: ["dataset": found.dataset.slug.text])
        // The link holds every parameter of the request.
        let title = "spending \(found.version) \(parts) \(asked.format.rawValue) \(link.text(after: asked.after))"
        let body = try await answers.answer(title, for: Self.age) {
            let table = try await table()
            let page = try table.page(after: asked.after, limit: asked.limit)
            return try await table.text(
                page, asked.format, link: { link.text(after: $0) }, head: { $0.head(found.dataset, asked) })
        }
        var response = body.response(
            to: request, mediaType: asked.format.contentType, vary: "Accept, Accept-Encoding")
        if asked.format == .csv {
            response.headers[.contentDisposition] = "attachment; filename=\"\(found.dataset.slug)-\(name).csv\""
        }
        return response
    }
}

extension JSONWriter {
    /// Writes the dataset and the filter of an answer.
    fileprivate mutating func head(_ dataset: Dataset, _ asked: SpendingParameters) {
        field("dataset", dataset.slug.text)
        field("attribution", dataset.attribution)
        field("licence", dataset.licence)
        let filter = asked.filter
        object("filter") { json in
            json.array("fiscal_year", of: filter.fiscalYears) { $0.value($1) }
            json.field("department", filter.departments.first)
            json.field("vendor", asked.vendor)
            json.field("vendor_key", filter.vendors.first)
            json.field("from", filter.from.map { "\($0)" })
            json.field("to", filter.to.map { "\($0)" })
        }
    }
}
