package import HTTPTypes
package import Logging
import Synchronization

/// Counts and times every request, and logs every Nth one.
package final class RequestObserver: Sendable {
    /// The largest number of bytes of a path that are logged.
    package static let longestPath = 256

    private let metrics = RequestMetrics()
    private let logger: Logger
    private let sampling: Int
    private let seen = Atomic<Int>(0)

    /// - Parameter sampling: Every how many requests one is logged; 0 for none.
    package init(logger: Logger, sampling: Int) {
        self.logger = logger
        self.sampling = sampling
    }

    /// - Parameters:
    ///   - path: The path as it was sent.
    ///   - route: The template of the route.
    ///   - id: The id of the request, which its answer repeats.
    package func observed(
        method: HTTPRequest.Method, path: @autoclosure () -> String, route: String, status: HTTPResponse.Status,
        elapsed: Duration, id: Logger.MetadataValue? = nil
    ) {
        metrics.record(route: route, method: method, status: status, elapsed: elapsed)
        guard sampling > 0, seen.wrappingAdd(1, ordering: .relaxed).oldValue % sampling == 0 else { return }
        var metadata: Logger.Metadata = [
            "method": "\(ShownText.of(method.rawValue, upTo: 32))",
            "path": "\(ShownText.of(path(), upTo: Self.longestPath))",
            "status": "\(status.code)",
            "duration": "\(elapsed)",
        ]
        metadata["request"] = id
        logger.info("request", metadata: metadata)
    }
}
