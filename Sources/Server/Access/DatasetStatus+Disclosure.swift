import Domain
import HTTPTypes
import Web

extension DatasetStatus {
    /// Makes sure that the client may know every count of the dataset. Figures that are made of exact counts, and that
    /// could not be told without giving small ones away, need it (docs/datasets.md, Small counts).
    /// - Parameter figures: The figures that were asked for, as the subject of a sentence.
    /// - Throws: ``Problem`` 403.
    func needEveryCount(for figures: String) throws(Problem) {
        guard let minimum = disclosure.minimum else { return }
        throw Problem(
            status: .forbidden,
            detail: "\(figures) of \(dataset.slug) need the role analyst: the dataset hides counts below \(minimum).",
            isRefusal: true)
    }
}
