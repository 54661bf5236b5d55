import Risk

extension DatasetCatalogue {
    /// A page of the datasets that the client may see, by slug, as they are now.
    /// - Parameter after: Only those after this slug.
    func page(for context: ClientContext, after: String?, limit: Int) async throws -> [DatasetStatus] {
        try await page(for: try await context.asking(), after: after, limit: limit)
    }

    /// The dataset of that slug if there is one that the client may see. The request needs the right to it from now on.
    func visible(_ slug: String, to context: ClientContext) async throws -> DatasetStatus? {
        guard let status = try await visible(slug, to: try await context.asking()) else { return nil }
        context.right?.need(slug)
        return status
    }

    /// The dataset of that slug, or the default one. The request needs the right to it from now on.
    /// - Throws: ``Problem`` 404 when there is none that the client may see; a private one is not told from none.
    func dataset(_ slug: String?, for context: ClientContext) async throws -> DatasetStatus {
        try await find(slug, for: context).status
    }

    /// The same, and the edition of the answer, for who remembers what followed from it.
    func find(_ slug: String?, for context: ClientContext) async throws -> (status: DatasetStatus, edition: UInt64) {
        let found = try await find(slug, for: try await context.asking())
        context.right?.need(found.status.dataset.slug)
        return found
    }
}
