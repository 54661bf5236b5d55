import ArgumentParser
import Postgres

/// The options of every command that needs the database.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "URL of PostgreSQL, postgresql://user:password@host:port/name. [HEXTANT_DATABASE_URL]")
    var databaseURL: String?

    @Option(help: "YAML file with settings; docs/configuration.md lists the keys. [HEXTANT_CONFIG]")
    var config: String?

    func settings(collectsFaults: Bool = false) throws -> Settings {
        try Settings(file: config, collectsFaults: collectsFaults)
    }

    func postgres() throws -> PostgresOptions { PostgresOptions(url: try url(try settings())) }

    /// The URL of PostgreSQL.
    /// - Throws: ``ConfigurationError`` when it is not set or has another scheme.
    func url(_ settings: Settings) throws -> String {
        _ = try settings.postgresURL(.databaseURL, flag: databaseURL)
        return try settings.required(.databaseURL, flag: databaseURL)
    }
}
