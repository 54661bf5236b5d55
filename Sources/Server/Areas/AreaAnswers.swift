import Domain
import Hummingbird
import Web

/// The common part of the routes of areas: the layer, the dataset, its figures, and how long answers are kept.
struct AreaAnswers: Sendable {
    /// How long answers without events are kept, and those with figures of events.
    static let staticAge = Duration.seconds(24 * 3600)
    static let figuresAge = Duration.seconds(300)

    let catalogue: DatasetCatalogue
    let areas: AreaCatalogue
    let types: EventTypes
    let answers: AnswerCache

    /// A layer, and the figures of a dataset in it.
    struct Found: Sendable {
        let table: AreaTable
        let query: AreaFigureQuery?
        let figures: AreaFigureTable?

        /// The versions of everything that an answer is made of.
        var version: String {
            let layer = table.layer
            guard let query, let figures else { return "\(layer.id).\(layer.version)" }
            let weights = query.dataset.eventWeights.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return "\(layer.id).\(layer.version).\(figures.counts.version).\(query.dataset.slug).\(weights)"
        }

        var age: Duration { figures == nil ? AreaAnswers.staticAge : AreaAnswers.figuresAge }
    }

    /// The layer with the figures of the dataset that is named, or of the default one where that was counted.
    /// - Throws: ``Problem`` 404 for a layer or dataset that the client cannot see, and for one that was not counted;
    ///   403 for one with counts that the client may not know.
    func find(
        _ layer: Slug, _ dataset: Slug?, _ period: Period, _ types: EventTypeList?, for context: ClientContext
    ) async throws -> Found {
        let table = try await areas.table(layer)
        let layer = table.layer
        let isAsked = dataset != nil || !period.isOpen || types != nil
        let status: DatasetStatus
        do {
            status = try await catalogue.dataset(dataset, for: context)
        } catch let problem as Problem {
            // Without any dataset there are areas all the same.
            guard !isAsked, problem.status == .notFound else { throw problem }
            return Found(table: table, query: nil, figures: nil)
        }
        if status.disclosure != .exact {
            // The areas themselves are no counts.
            if isAsked { try status.needEveryCount(for: "Figures of areas") }
            return Found(table: table, query: nil, figures: nil)
        }
        let slug = status.dataset.slug
        guard try await areas.counts(of: slug, in: layer) != nil else {
            guard !isAsked else {
                throw Problem.notFound("\(slug) was not counted in the layer \(layer.slug).", field: "dataset")
            }
            return Found(table: table, query: nil, figures: nil)
        }
        let (from, to) = try period.days(of: status)
        let query = AreaFigureQuery(
            layer: layer, dataset: status.dataset, from: from, to: to,
            eventTypes: try await self.types.known(types, of: status))
        return Found(table: table, query: query, figures: try await areas.areas.figures(query))
    }
}
