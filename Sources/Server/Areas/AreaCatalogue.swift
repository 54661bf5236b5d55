import Caching
import Domain
import Synchronization
import Web

/// The layers of areas and the counts in them that requests need, remembered for one version of all areas.
final class AreaCatalogue: Sendable {
    private enum Question: Hashable {
        case layer(Slug)
        case counts(Slug, layer: Int32)
    }

    private enum Answer {
        case layer(AreaLayer?)
        case counts(AreaCounts?)
    }

    private struct Kept {
        let answer: Answer
        let version: Int64
    }

    let areas: any AreaRepository
    let version: AreaVersion
    private let kept: Mutex<Sieve<Question, Kept>>

    /// - Parameter limit: How many answers are remembered; each takes about a kilobyte.
    init(_ areas: any AreaRepository, version: AreaVersion, limit: Int = 4096) {
        self.areas = areas
        self.version = version
        kept = Mutex(Sieve(limit: limit))
    }

    /// The layer with a slug.
    /// - Parameter isFresh: Whether it is looked up although it is remembered.
    /// - Throws: ``Problem`` 404 when there is none.
    func layer(_ slug: Slug, isFresh: Bool = false) async throws -> AreaLayer {
        let known = version.value
        if !isFresh, case .layer(let layer)? = remembered(.layer(slug), known), let layer { return layer }
        let layer = try await areas.layer(slug)
        guard let layer else { throw Problem.notFound("There is no layer of areas \(slug).", field: "layer") }
        keep(.layer(layer), .layer(slug), known)
        return layer
    }

    /// The layer with a slug, and its areas.
    /// - Throws: ``Problem`` 404 when there is none; `AreaLayerGone` when it is being replaced again and again.
    func table(_ slug: Slug) async throws -> AreaTable {
        do {
            return try await areas.areas(of: try await layer(slug))
        } catch is AreaLayerGone {
            // It was replaced before this server heard of it.
            return try await areas.areas(of: try await layer(slug, isFresh: true))
        }
    }

    /// How a dataset was counted in a layer; `nil` when it was not.
    func counts(of dataset: Slug, in layer: AreaLayer) async throws -> AreaCounts? {
        let known = version.value
        let question = Question.counts(dataset, layer: layer.id)
        if case .counts(let counts)? = remembered(question, known) { return counts }
        let counts = try await areas.counts(of: dataset, in: layer)
        keep(.counts(counts), question, known)
        return counts
    }

    private func remembered(_ question: Question, _ version: Int64?) -> Answer? {
        guard let version, let kept = kept.withLock({ $0.value(question) }), kept.version == version else { return nil }
        return kept.answer
    }

    /// - Parameter version: The version before the answer was fetched: it may be newer, but is never older.
    private func keep(_ answer: Answer, _ question: Question, _ version: Int64?) {
        guard let version else { return }
        kept.withLock { _ = $0.set(question, Kept(answer: answer, version: version), cost: 1) }
    }
}
