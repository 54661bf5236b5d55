import Caching
import Domain
import Hummingbird
import Logging
import PMTiles
import Reports
import Tiles
import Web

extension Problem {
    /// The answer to an error, without internals of the server.
    package init(_ error: any Error) {
        switch error {
        case let problem as Problem:
            self = problem
        case is DeadlineExceeded:
            self = .unavailable("The answer took too long; try again.", retryAfter: .seconds(1))
        case let error as TooManyReports:
            self = .unavailable("Too many reports are being drawn; try again.", retryAfter: error.retryAfter)
        case let error as any TemporarilyUnavailable:
            self = .unavailable("The data cannot be reached now; try again.", retryAfter: error.retryAfter)
        case is PMTilesFault:
            self = .unavailable("The basemap's file cannot be read now.", retryAfter: .seconds(60))
        case let error as UnscoredResolution:
            self = .badRequest([.init(field: "resolution", message: error.description)])
        case let error as UnknownKind:
            self = .badRequest([.init(field: "kind", message: error.description)])
        case let error as ReportRefusal:
            self =
                error.isMissing
                ? .notFound(error.message, field: error.field)
                : .badRequest([.init(field: error.field, message: error.message)])
        case is MalformedBody:
            self.init(
                status: .badRequest, detail: "The body of the request cannot be read: its chunked coding is malformed.",
                headers: [.connection: "close"])
        case is CancellationError:
            self = .unavailable("The request was given up; try again.", retryAfter: .seconds(1))
        case let error as any HTTPResponseError where error.status == .notFound:
            self = .notFound("There is nothing at this URL.")
        case let error as any HTTPResponseError where error.status.kind == .clientError:
            self.init(status: error.status, detail: "The request was not understood.")
        default:
            self = .fault
        }
    }

    /// Logs what the answer does not tell.
    /// - Parameter error: The error behind the problem.
    func log(_ error: any Error, path: String, _ logger: Logger) {
        if isFault {
            logger.error("request failed", metadata: Self.metadata(error, path))
        } else if status == .serviceUnavailable {
            logger.warning("unavailable", metadata: Self.metadata(error, path))
        }
    }

    private static func metadata(_ error: any Error, _ path: String) -> Logger.Metadata {
        [
            "error": "\(ShownText.of("\(error)", upTo: longestDetail))",
            "path": "\(ShownText.of(path, upTo: RequestObserver.longestPath))",
        ]
    }

    /// Whether the operator should look into it.
    var isFault: Bool { status == .internalServerError }
}
