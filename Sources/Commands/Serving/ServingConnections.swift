import Logging
import Postgres
import Redis
import Storage

/// The connections of a server to PostgreSQL and Redis.
struct ServingConnections: Sendable {
    let options: PostgresOptions
    let readers: ReadPool
    /// The replica that makes tiles while it works.
    let replica: ReadPool?
    let writers: WritePool
    let redis: RedisClient?

    init(_ plan: ServingPlan, logger: Logger) throws {
        func readers(_ options: PostgresOptions) -> ReadPool {
            ReadPool(options, capacity: plan.databaseConnections, statementTimeout: plan.statementTimeout)
        }
        options = PostgresOptions(url: plan.databaseURL)
        self.readers = readers(options)
        replica = plan.databaseReplicaURL.map { readers(PostgresOptions(url: $0)) }
        writers = WritePool(options, capacity: 4, statementTimeout: plan.statementTimeout)
        redis = try plan.redisURL.map {
            try RedisClient(configuration: RedisConfiguration(url: $0), logger: logger)
        }
    }

    func close() async {
        await redis?.close()
        await writers.close()
        await replica?.close()
        await readers.close()
    }
}
