package import Breaker

/// The address of Redis, and the limits on waiting for it.
package struct RedisConfiguration: Sendable {
    package var host: String

    /// The port, 1...65535.
    package var port: Int

    package var credentials: RedisCredentials?

    /// The number of the database, counted from 0.
    package var database: Int

    /// The longest time to make a connection.
    package var connectTimeout = Duration.seconds(1)

    /// The longest time for a command from the call to its answer, including making the connection.
    package var commandTimeout = Duration.milliseconds(500)

    /// The most commands that may wait for an answer at once; further ones fail as overloaded.
    package var maximumCommands = 8192

    /// The most bytes of commands that may wait for an answer at once; further ones fail as overloaded.
    package var maximumBytes = 32 << 20

    /// The longest reply, in bytes.
    package var maximumReplyBytes = 64 << 20

    /// When a failing Redis is left alone, and for how long.
    package var breaker = CircuitBreaker.Policy()

    package init(host: String, port: Int = 6379, credentials: RedisCredentials? = nil, database: Int = 0) {
        self.host = host
        self.port = port
        self.credentials = credentials
        self.database = database
    }

    /// The server's address, for messages.
    var address: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
