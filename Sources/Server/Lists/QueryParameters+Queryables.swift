import Domain
import Formats
import Hummingbird
import Web

extension QueryParameters {
    /// The conditions of parameters that are named like attributes.
    mutating func conditions(on queryables: [Queryable]) -> [FeatureFilter] {
        queryables.compactMap { queryable in
            guard let text = text(queryable.name) else { return nil }
            let kind = FeatureProperty(queryable).kind
            guard let value = PropertyText.value(text, of: kind) else {
                reject(queryable.name, "must be \(PropertyText.expectation(of: kind))")
                return nil
            }
            return .compare(queryable.name, .equal, value)
        }
    }
}

extension FeatureProperty {
    init(_ queryable: Queryable) {
        let kind: Kind =
            switch queryable.kind {
            case .text: .text
            case .number: .number
            case .boolean: .truth
            }
        self.init(queryable.name, kind)
    }
}

extension DatasetCatalogue {
    /// The attributes of the dataset of a request that may be parameters. They are looked up only when the query has a
    /// name that the route does not know; for a dataset that the client cannot see there are none.
    func queryables(
        of request: Request, known: [String], for context: ClientContext
    ) async throws -> [Queryable] {
        var dataset: String?
        var hasOther = false
        for pair in (request.uri.query ?? "").split(separator: "&").prefix(100) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true) else { continue }
            hasOther = hasOther || !known.contains(name)
            if name == "dataset", parts.count == 2 { dataset = PercentEncoding.decode(parts[1], plusIsSpace: true) }
        }
        guard hasOther else { return [] }
        let slug = dataset.flatMap { Slug($0) }
        guard dataset == nil || slug != nil else { return [] }
        do {
            return try await self.dataset(slug, for: context).dataset.queryables
        } catch let problem as Problem where problem.status == .notFound {
            return []
        }
    }
}
