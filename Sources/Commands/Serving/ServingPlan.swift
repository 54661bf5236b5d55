import Accounts
import Connectors
import Jobs
import Logging
import Server
import Storage

/// The settings of `serve`, checked and converted.
struct ServingPlan {
    let databaseURL: String
    /// The URL of the replica that makes tiles while it works.
    let databaseReplicaURL: String?
    let redisURL: String?
    let databaseConnections: Int
    let statementTimeout: Duration
    let tileTTL: Duration
    /// How long a tile may stand in for one that cannot be made.
    let tileStale: Duration
    /// How long making a tile may take.
    let tileTimeout: Duration
    /// The size of the tiles in memory, in bytes.
    let tileMemory: Int
    /// The size of the expenditures in memory, in bytes.
    let spendingMemory: Int
    /// How many of the most requested tiles are made after a refresh.
    let tileWarm: Int
    /// How many jobs this process does at a time.
    let jobSlots: Int
    let schedules: [JobSchedule]
    let feeds: [Feed]
    /// Path of a file of certificates that are trusted at sources.
    let feedAuthority: String?
    let jobPolicy: JobPolicy
    /// The time of quiet after which changed days are served before they are scored; `nil` for never.
    let live: Duration?
    /// How many dead letters of a file are kept.
    let letters: LetterAllowance
    /// The age from which on the served view is reported as old; `nil` for never.
    let viewMaxAge: Duration?
    /// The datasets that `/metrics` names.
    let datasetMetrics: OperationFigures.Datasets
    /// The signer of tokens; `nil` when nobody can sign in with a password.
    let tokens: TokenSigner?
    let server: ServerConfiguration

    /// The settings for the log, without passwords.
    var description: Logger.Metadata {
        [
            "database": "\(redacted(databaseURL))",
            "replica": "\(databaseReplicaURL.map(redacted) ?? "none")",
            "redis": "\(redisURL.map(redacted) ?? "none")",
            "host": "\(server.host)",
            "port": "\(server.port)",
            "tls": "\(server.certificate == nil ? "none" : "on")",
            "database_connections": "\(databaseConnections)",
            "statement_timeout": "\(statementTimeout)",
            "tile_ttl": "\(tileTTL)",
            "tile_memory": "\(tileMemory)",
            "tile_warm": "\(tileWarm)",
            "spending_memory": "\(spendingMemory)",
            "workers": "\(jobSlots)",
            "schedules": "\(schedules.count)",
            "feeds": "\(feeds.count)",
            "token_secret": "\(tokens == nil ? "none" : "(set)")",
        ]
    }
}
