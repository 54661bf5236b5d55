import Risk

extension DatasetStatus {
    /// The requested resolution, or the available one nearest to `usual`.
    /// - Throws: ``Problem`` 400 when the dataset is not scored at the requested one.
    func resolution(asked: Int?, usual: Int = ResolutionByZoom.ofLists) throws(Problem) -> Int? {
        guard let asked else { return ResolutionByZoom.nearest(to: usual, available: dataset.resolutions) }
        guard dataset.resolutions.contains(asked) else {
            let scored = dataset.resolutions.map(String.init).joined(separator: ", ")
            throw .badRequest([
                .init(field: "resolution", message: "\(dataset.slug) is scored at \(scored) and not at \(asked)")
            ])
        }
        return asked
    }
}
