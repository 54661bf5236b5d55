package import Domain
package import Postgres

/// Alerts that are to be sent.
package struct AlertDeliveries: Sendable {
    /// An alert that this process sends, and where to.
    package struct Claim: Hashable, Sendable {
        package let alert: Alert
        package let webhook: AlertWebhook
    }

    /// The delay before the second attempt; it doubles with each, up to the longest.
    private static let firstDelay = Duration.seconds(2)
    private static let longestDelay = Duration.seconds(6 * 3600)
    /// The number of attempts, which take about 30 hours.
    static let mostAttempts = 18
    private static let longestError = 500

    private let connection: PostgresConnection
    private let sql: SQLFiles

    package init(_ connection: PostgresConnection, sql: SQLFiles) {
        self.connection = connection
        self.sql = sql
    }

    /// Takes the next alert. No other process sends it for two minutes, which is longer than an attempt takes.
    /// - Throws: `PostgresError`.
    package func claim() async throws -> Claim? {
        guard let row = try await connection.query(sql[.alertClaim]).first else { return nil }
        var fields = row.fields
        let alert = try Alert(&fields)
        return Claim(
            alert: alert,
            webhook: AlertWebhook(
                url: try fields.next("webhook"), secret: try fields.next("secret"),
                allowPrivate: try fields.next("allow_private")))
    }

    /// Notes that an alert has arrived.
    /// - Throws: `PostgresError`.
    package func settle(_ claim: Claim) async throws {
        try await connection.query(
            "UPDATE alerts SET state = 'sent', sent_at = now(), error = NULL WHERE id = $1 AND state = 'waiting'",
            [claim.alert.id])
    }

    /// Notes that an attempt has failed.
    /// - Parameter isFinal: Whether another attempt would fail, too.
    /// - Returns: Whether it is given up.
    /// - Throws: `PostgresError`.
    package func fail(_ claim: Claim, _ error: String, isFinal: Bool) async throws -> Bool {
        let isOver = isFinal || claim.alert.attempts >= Self.mostAttempts
        try await connection.query(
            """
            UPDATE alerts
            SET state = $2, error = $3, next_attempt_at = now() + $4::float8 * interval '1 second'
            WHERE id = $1 AND state = 'waiting' AND attempts = $5
            """,
            [
                claim.alert.id, (isOver ? Alert.State.givenUp : .waiting).rawValue,
                String(error.prefix(Self.longestError)), Self.delay(after: claim.alert.attempts).inSeconds,
                Int32(clamping: claim.alert.attempts),
            ])
        return isOver
    }

    /// The delay after a number of attempts, 1 or more.
    static func delay(after attempts: Int) -> Duration {
        min(longestDelay, firstDelay * (1 << min(20, max(0, attempts - 1))))
    }
}
