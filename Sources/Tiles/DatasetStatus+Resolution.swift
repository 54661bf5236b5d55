package import Domain

/// The dataset is not scored at the resolution that was asked for.
package struct UnscoredResolution: Error, CustomStringConvertible {
    package let description: String
}

extension DatasetStatus {
    /// The resolution that was asked for, or the one nearest to `usual`; `nil` when the dataset has none.
    package func resolution(
        asked: Int?, usual: Int = ResolutionByZoom.ofLists
    ) throws(UnscoredResolution) -> Int? {
        guard let asked else { return ResolutionByZoom.nearest(to: usual, available: dataset.resolutions) }
        guard dataset.resolutions.contains(asked) else {
            let scored = dataset.resolutions.map(String.init).joined(separator: ", ")
            throw UnscoredResolution(description: "\(dataset.slug) is scored at \(scored) and not at \(asked)")
        }
        return asked
    }
}
