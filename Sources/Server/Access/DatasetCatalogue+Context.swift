import Domain
import Web

extension DatasetCatalogue {
    /// A page of the datasets that the client can see, by slug, read from the store.
    func page(for context: ClientContext, _ page: PageRequest<DatasetStatus>) async throws -> Page<DatasetStatus> {
        try await self.page(for: try await context.asking(), page)
    }

    /// The dataset with a slug if the client can see it. The request depends on the right to it from now on.
    func visible(_ slug: Slug, to context: ClientContext) async throws -> DatasetStatus? {
        guard let status = try await visible(slug, to: try await context.asking()) else { return nil }
        context.right?.need(slug)
        return status
    }

    /// The dataset with a slug, or the default one. The request depends on the right to it from now on.
    /// - Throws: ``Problem`` 404 when the client can see none; a hidden dataset is not distinguished from a missing
    ///   one.
    func dataset(_ slug: Slug?, for context: ClientContext) async throws -> DatasetStatus {
        try await find(slug, for: context).status
    }

    /// The dataset as above, and the version of the answer, for callers that cache what they derive from it.
    func find(_ slug: Slug?, for context: ClientContext) async throws -> (status: DatasetStatus, version: UInt64) {
        let found = try await find(slug, for: try await context.asking())
        context.right?.need(found.status.dataset.slug)
        return found
    }
}

extension DatasetStatus {
    /// The dataset, for routes whose answers are of events and their places.
    /// - Throws: ``Problem`` 400 for a dataset of expenditures.
    func needEvents() throws(Problem) -> DatasetStatus {
        guard dataset.holds == .events else {
            throw Problem.badRequest([
                .init(field: "dataset", message: "holds expenditures, which have no place: see /v1/expenditures")
            ])
        }
        return self
    }
}
