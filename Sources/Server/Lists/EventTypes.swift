import Caching
import Domain
import Synchronization
import Web

/// The types of events that parameters may name, remembered for a while.
///
/// A type that is not remembered is looked up before it is refused, so new types are known at once.
final class EventTypes: Sendable {
    private struct Question: Hashable {
        let dataset: Slug
        let disclosure: Disclosure
    }

    private struct Known {
        let names: Set<String>
        let until: ContinuousClock.Instant
    }

    /// How long the types of a dataset are remembered.
    private static let longestMemory = Duration.seconds(60)
    /// How many datasets are remembered, and how many types of one.
    private static let capacity = 1024
    private static let mostRemembered = 10_000
    /// The types that are looked up at a time.
    private static let page = 1000
    /// How many types a fault names.
    private static let mostNamed = 20

    private let events: any EventRepository
    private let memory = Mutex(Sieve<Question, Known>(limit: EventTypes.capacity))

    init(_ events: any EventRepository) { self.events = events }

    /// The types in a list.
    /// - Parameters:
    ///   - list: The value of `event_type`; `nil` for all types.
    ///   - status: The dataset as the reader sees it; types that it may not know are none.
    /// - Returns: The types; empty for all.
    /// - Throws: ``Problem`` 400 that names a type that no event has, and those that there are.
    func known(_ list: EventTypeList?, of status: DatasetStatus) async throws -> [String] {
        guard let list else { return [] }
        let question = Question(dataset: status.dataset.slug, disclosure: status.disclosure)
        let remembered = memory.withLock { $0.value(question) }
        if let remembered, .now < remembered.until, case .success(let types) = list.types(among: remembered.names) {
            return types
        }
        let names = try await names(of: question)
        switch list.types(among: Set(names)) {
        case .success(let types): return types
        case .failure(let unknown): throw Self.problem(unknown.name, names, status.dataset.slug)
        }
    }

    private func names(of question: Question) async throws -> [String] {
        var names: [String] = []
        var page = PageRequest<EventType>(limit: Self.page)
        repeat {
            let found = try await events.types(of: question.dataset, question.disclosure, page)
            names += found.rows.map(\.name)
            page.after = found.next
        } while page.after != nil
        if names.count <= Self.mostRemembered {
            let entry = Known(names: Set(names), until: .now + Self.longestMemory)
            memory.withLock { _ = $0.set(question, entry, cost: 1) }
        }
        return names
    }

    private static func problem(_ name: String, _ names: [String], _ dataset: Slug) -> Problem {
        let shown = ShownText.of(name, upTo: 128)
        guard !names.isEmpty else {
            return .badRequest([.init(field: "event_type", message: "\(shown) is no type: \(dataset) has no events")])
        }
        let listed = names.prefix(mostNamed).map { ShownText.of($0, upTo: 64) }.joined(separator: ", ")
        let more = names.count > mostNamed ? " and \(names.count - mostNamed) more (/v1/event-types)" : ""
        return .badRequest([
            .init(field: "event_type", message: "\(shown) is no type of \(dataset); its types are: \(listed)\(more)")
        ])
    }
}
