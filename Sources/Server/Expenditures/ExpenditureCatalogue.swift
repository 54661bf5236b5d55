import Domain
import HTTPTypes
import Web

/// The datasets that hold expenditures, as clients see them.
struct ExpenditureCatalogue: Sendable {
    let catalogue: DatasetCatalogue
    let expenditures: any ExpenditureRepository

    /// The dataset with a slug; without one, the only dataset with expenditures that the client sees.
    /// - Throws: ``Problem`` 404 where there is none, 400 where there are several or the dataset holds events, 403
    ///   where the client may not know every count.
    func dataset(_ slug: Slug?, for context: ClientContext) async throws -> Dataset {
        let status: DatasetStatus
        if let slug {
            status = try await catalogue.dataset(slug, for: context)
        } else {
            let seen = try await expenditures.datasets(in: try await context.asking().scope, limit: 2)
            guard let first = seen.first else {
                throw Problem.notFound("There is no dataset that holds expenditures.", field: "dataset")
            }
            guard seen.count == 1 else {
                throw Problem.badRequest([
                    .init(
                        field: "dataset",
                        message: "must be given, because several datasets hold expenditures, such as "
                            + "\(first) and \(seen[1])")
                ])
            }
            status = try await catalogue.dataset(first, for: context)
        }
        try Self.check(status)
        guard status.dataset.holds == .expenditures else {
            throw Problem.badRequest([.init(field: "dataset", message: "holds events, not expenditures")])
        }
        return status.dataset
    }

    /// The expenditure with an id if the client sees its dataset.
    /// - Throws: ``Problem`` 404 where there is none, 403 where the client may not know every count.
    func expenditure(_ id: Int64?, for context: ClientContext) async throws -> Expenditure {
        guard let id, let found = try await expenditures.expenditure(id),
            let status = try await catalogue.visible(found.dataset, to: context)
        else { throw Problem.notFound("There is no such expenditure.", field: "id") }
        try Self.check(status)
        return found
    }

    /// Single payments tell what counts below a minimum would hide.
    private static func check(_ status: DatasetStatus) throws(Problem) {
        guard status.disclosure != .exact else { return }
        throw Problem(
            status: .forbidden, detail: "The dataset hides small counts, so its expenditures need the role analyst.",
            isRefusal: true)
    }
}
