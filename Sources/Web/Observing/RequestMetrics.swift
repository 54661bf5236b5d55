import HTTPTypes
import Metrics
import Synchronization

/// `http_requests_total` and `http_request_seconds`, by route.
final class RequestMetrics: Sendable {
    private struct Kind: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    /// The counter and timer of one label set. They are kept, because creating one takes the registry's lock and builds
    /// labels.
    private struct Handlers {
        var counters: [Kind: Counter] = [:]
        var timers: [String: Timer] = [:]
    }

    private let factory: any MetricsFactory
    private let handlers = Mutex(Handlers())

    init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
    }

    /// - Parameter route: The template of the route, so that there are no more series than routes.
    func record(route: String, method: HTTPRequest.Method, status: HTTPResponse.Status, elapsed: Duration) {
        let kind = Kind(route: route, method: Self.label(method), status: status.code)
        let (counter, timer) = handlers.withLock { handlers in
            let counter =
                handlers.counters[kind]
                ?? Counter(
                    label: "http_requests_total",
                    dimensions: [("route", kind.route), ("method", kind.method), ("status", String(kind.status))],
                    factory: factory)
            let timer =
                handlers.timers[route]
                ?? Timer(label: "http_request_seconds", dimensions: [("route", route)], factory: factory)
            handlers.counters[kind] = counter
            handlers.timers[route] = timer
            return (counter, timer)
        }
        counter.increment()
        timer.record(duration: elapsed)
    }

    /// The method as a label. A client may send any word as its method, so only known ones become labels.
    private static func label(_ method: HTTPRequest.Method) -> String {
        HTTPRequest.Method.known.contains(method) ? method.rawValue : "other"
    }
}
