import Breaker
import Domain
package import Fetch
package import Logging
package import Postgres
import ServiceLifecycle
package import Storage

/// Looks at the rules of alerts after each refresh and sends what they found.
///
/// Every server and worker runs one. The row of the last look is locked by who looks, and an alert is sent by who has
/// claimed it, so that each is raised and sent once.
package struct AlertService: Service {
    /// The time between two looks.
    private static let pause = Duration.seconds(2)
    /// How many alerts are sent in a row before the next look at the rules.
    private static let mostSent = 100

    private let options: PostgresOptions
    private let sql: SQLFiles
    private let sender: WebhookSender
    private let logger: Logger

    package init(_ options: PostgresOptions, sql: SQLFiles, fetcher: Fetcher, logger: Logger) {
        var options = options
        options.statementTimeout = .seconds(60)
        self.options = options
        self.sql = sql
        sender = WebhookSender(fetcher)
        self.logger = logger
    }

    /// Runs until the service group shuts down.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await PostgresConnection.withConnection(options) { try await work($0) }
                } catch {
                    // The database is away, which others have logged, or there is no schema yet.
                    logger.debug("alerts cannot be looked for", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    private func work(_ connection: PostgresConnection) async throws {
        while true {
            if let raised = try await AlertEvaluation(connection, sql: sql).evaluate(), raised > 0 {
                logger.notice("alerts were raised", metadata: ["alerts": "\(raised)"])
            }
            try await sendAll(connection)
            try await Task.sleep(for: Self.pause)
        }
    }

    private func sendAll(_ connection: PostgresConnection) async throws {
        let deliveries = AlertDeliveries(connection, sql: sql)
        for _ in 0..<Self.mostSent {
            guard let claim = try await deliveries.claim() else { return }
            do {
                try await sender.send(claim.alert, to: claim.webhook)
                try await deliveries.settle(claim)
            } catch let failure as WebhookSender.Failure {
                let isOver = try await deliveries.fail(claim, failure.description, isFinal: failure.isFinal)
                logger.log(
                    level: isOver ? .error : .warning,
                    isOver ? "an alert cannot be sent and is given up" : "an alert was not taken and is sent again",
                    metadata: ["alert": "\(claim.alert.id)", "error": "\(failure)"])
            }
        }
    }
}
