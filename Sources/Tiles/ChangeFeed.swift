package import Domain
import ServiceLifecycle
import Synchronization

/// The last changes of what is served, and those who wait for the next. Memory is bounded: a number of changes is kept,
/// and a listener has room for one signal, after which it asks for what it has not seen.
package final class ChangeFeed: Service {
    /// The changes since a generation, as far as they are kept.
    package enum Changes: Hashable, Sendable {
        /// Some changes, by generation.
        case known([ServedChange])
        /// Anything may have changed: a refresh of everything, or more than is kept.
        case anything
    }

    /// The reason for which a listener is woken.
    package enum Signal: Sendable {
        case changed
        /// Nothing has changed for a while; what is sent now shows that the connection is alive.
        case idle
    }

    private struct State {
        /// The newest changes, by generation.
        var changes: ArraySlice<ServedChange> = []
        /// The generation after which all changes are kept; `nil` before anything is known.
        var since: Int64?
        var newest: Int64 = 0
        var listeners: [UInt64: AsyncStream<Signal>.Continuation] = [:]
        var next: UInt64 = 0
        var isClosed = false
    }

    /// How many changes are kept.
    private let limit: Int
    /// How many may listen at a time.
    private let mostListeners: Int
    private let idle: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: How many changes are kept, at least 1.
    ///   - mostListeners: How many may listen at a time.
    ///   - idle: The time after which a listener is woken although nothing has changed.
    package init(limit: Int = 4096, mostListeners: Int = 10_000, idle: Duration = .seconds(15)) {
        self.limit = limit
        self.mostListeners = mostListeners
        self.idle = idle
    }

    /// Notes what has changed, and wakes those who listen.
    package func hear(_ news: ServedNews) {
        let listeners = state.withLock { state -> [AsyncStream<Signal>.Continuation] in
            guard state.since == nil || news.generation > state.newest else { return [] }
            let changes = (news.changes ?? []).sorted { $0.generation < $1.generation }
            if state.since == nil || news.changes == nil {
                state.since = news.generation
                state.changes = []
            } else if news.whole > state.newest {
                // After a refresh of everything nobody asks for what was before it.
                state.since = news.whole
                state.changes = changes.filter { $0.generation > news.whole }[...]
            } else {
                state.changes += changes.filter { $0.generation > state.newest }
            }
            state.newest = news.generation
            if state.changes.count > limit {
                let dropped = state.changes.prefix(state.changes.count - limit)
                // A generation is kept as a whole or not at all.
                let last = dropped.last?.generation ?? state.newest
                state.changes = state.changes.drop { $0.generation <= last }
                state.since = last
            }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield(.changed) }
    }

    /// The newest generation that was heard of, 0 before the first.
    package var newest: Int64 { state.withLock { $0.newest } }

    /// The changes after a generation, and the newest generation.
    package func changes(after generation: Int64) -> (changes: Changes, newest: Int64) {
        state.withLock { state in
            if generation == state.newest { return (.known([]), state.newest) }
            // A generation from the future is that of another database.
            guard let since = state.since, generation >= since, generation < state.newest else {
                return (.anything, state.newest)
            }
            return (.known(state.changes.filter { $0.generation > generation }), state.newest)
        }
    }

    /// Signals until the listener stops or the process ends; `nil` when too many listen.
    package func listen() -> AsyncStream<Signal>? {
        let (stream, continuation) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingNewest(1))
        let isIn = state.withLock { state -> Bool in
            guard !state.isClosed, state.listeners.count < mostListeners else { return false }
            let id = state.next
            state.next += 1
            state.listeners[id] = continuation
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { $0.listeners[id] = nil }
            }
            return true
        }
        return isIn ? stream : nil
    }

    /// How many listen now.
    package var listeners: Int { state.withLock { $0.listeners.count } }

    /// Wakes idle listeners now and then, and ends all when the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while (try? await Task.sleep(for: idle)) != nil {
                for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(.idle) }
            }
        }
        let ending = state.withLock { state in
            state.isClosed = true
            return Array(state.listeners.values)
        }
        // Outside the lock, because ending calls what removes the listener.
        for listener in ending { listener.finish() }
    }
}
