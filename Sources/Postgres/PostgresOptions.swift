/// How to reach a server, and the time limits for it.
package struct PostgresOptions: Sendable {
    /// The URL `postgresql://user:password@host:port/database?…` or a libpq keyword string. It contains the password:
    /// never print it.
    package var url: String
    /// A database on the same server that replaces the one in the URL.
    package var database: String?
    package var applicationName: String
    package var connectTimeout: Duration
    /// The longest time that one statement may run on the server; `nil` for no limit.
    package var statementTimeout: Duration?
    /// Further settings of the connection, by name.
    package var settings: [String: String]

    package init(
        url: String, database: String? = nil, applicationName: String = "hextant",
        connectTimeout: Duration = .seconds(5),
        statementTimeout: Duration? = nil, settings: [String: String] = [:]
    ) {
        self.url = url
        self.database = database
        self.applicationName = applicationName
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.settings = settings
    }

    /// The `options` keyword of libpq: `-c name=value`, with blanks and backslashes escaped.
    var commandLineOptions: String {
        var all = settings
        if let statementTimeout {
            all["statement_timeout"] = "\(statementTimeout.milliseconds)"
        }
        return all.sorted { $0.key < $1.key }
            .map { name, value in
                let escaped = value.map { $0 == " " || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
                return "-c \(name)=\(escaped)"
            }
            .joined(separator: " ")
    }
}

extension Duration {
    /// The time in whole milliseconds, at least 1 for any positive time.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        let value = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        return value == 0 && self > .zero ? 1 : value
    }
}

/// Descriptions leave out the URL, because a log must not contain the password.
extension PostgresOptions: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "PostgresOptions(\(applicationName))" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["applicationName": applicationName]) }
}
