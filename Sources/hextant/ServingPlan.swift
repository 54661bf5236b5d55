import Accounts
import Logging
import Server
import Storage

/// What the settings of `serve` come to.
struct ServingPlan {
    let databaseURL: String
    /// Where tiles are made while it is well.
    let databaseReplicaURL: String?
    let redisURL: String?
    let databaseConnections: Int
    let statementTimeout: Duration
    let tileTTL: Duration
    /// How long a tile may stand in for one that cannot be made.
    let tileStale: Duration
    /// How long the making of a tile may take.
    let tileTimeout: Duration
    /// Bytes of tiles kept in memory.
    let tileMemory: Int
    /// How many of the most asked tiles are made after a refresh.
    let tileWarm: Int
    /// Jobs done at a time by this process.
    let jobSlots: Int
    let schedules: [JobSchedule]
    let jobPolicy: JobPolicy
    /// How many dead letters of a file are kept.
    let letters: LetterAllowance
    /// How old the served view may be; `nil` is any age.
    let viewMaxAge: Duration?
    /// `nil`: nobody can sign in with a password.
    let tokens: TokenSigner?
    let server: ServerConfiguration

    /// For the log, without passwords.
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
            "workers": "\(jobSlots)",
            "schedules": "\(schedules.count)",
            "token_secret": "\(tokens == nil ? "none" : "(set)")",
        ]
    }
}
