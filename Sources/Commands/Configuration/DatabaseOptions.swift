import ArgumentParser
import Postgres

/// The options of every command that needs the database.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "URL of PostgreSQL, postgresql://user:password@host:port/name. [HEXTANT_DATABASE_URL]")
    var databaseURL: String?

    @Option(help: "YAML file with settings; docs/configuration.md lists the keys. [HEXTANT_CONFIG]")
    var config: String?

    func settings() throws -> Settings { try Settings(file: config) }

    func postgres() throws -> PostgresOptions {
        PostgresOptions(url: try settings().required(.databaseURL, flag: databaseURL))
    }
}
