import Logging
import Server
import Storage

/// What the settings of `serve` come to.
struct ServingPlan {
    let databaseURL: String
    let redisURL: String?
    let databaseConnections: Int
    let statementTimeout: Duration
    let tileTTL: Duration
    /// Jobs done at a time by this process.
    let jobSlots: Int
    let schedules: [JobSchedule]
    let jobPolicy: JobPolicy
    let server: ServerConfiguration

    /// For the log, without passwords.
    var description: Logger.Metadata {
        [
            "database": "\(redacted(databaseURL))",
            "redis": "\(redisURL.map(redacted) ?? "none")",
            "host": "\(server.host)",
            "port": "\(server.port)",
            "database_connections": "\(databaseConnections)",
            "statement_timeout": "\(statementTimeout)",
            "tile_ttl": "\(tileTTL)",
            "workers": "\(jobSlots)",
            "schedules": "\(schedules.count)",
            "operator_token": "\(server.operatorToken == nil ? "none" : "(set)")",
        ]
    }
}
