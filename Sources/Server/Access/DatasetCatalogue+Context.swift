import Risk

extension DatasetCatalogue {
    /// The datasets that the client may see, by slug.
    func visible(to context: ClientContext) async throws -> [DatasetStatus] {
        try await visible(to: try await context.asking())
    }

    /// The dataset of that slug, or the default one. The request needs the right to it from now on.
    /// - Throws: ``Problem`` 404 when there is none that the client may see; a private one is not told from none.
    func dataset(_ slug: String?, for context: ClientContext) async throws -> DatasetStatus {
        let status = try await dataset(slug, for: try await context.asking())
        context.right?.need(status.dataset.slug)
        return status
    }
}
