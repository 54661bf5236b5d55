package import NIOCore

/// A command and its arguments; the name comes first.
package struct RedisCommand: Sendable, ExpressibleByArrayLiteral {
    /// One argument: text in UTF-8, or any bytes.
    package enum Argument: Sendable, ExpressibleByStringLiteral {
        case text(String)
        case bytes(ByteBuffer)

        package init(stringLiteral value: String) {
            self = .text(value)
        }

        package static func integer(_ value: some BinaryInteger) -> Argument {
            .text("\(value)")
        }
    }

    package var arguments: [Argument]

    package init(_ arguments: [Argument]) {
        self.arguments = arguments
    }

    package init(arrayLiteral elements: Argument...) {
        arguments = elements
    }

    /// Commands that change the meaning of later replies on the connection, or where later commands go. Callers share
    /// the connection, so these are refused.
    private static let unshareable: Set<String> = [
        "AUTH", "HELLO", "MONITOR", "PSUBSCRIBE", "QUIT", "RESET", "SELECT", "SSUBSCRIBE", "SUBSCRIBE",
    ]

    /// Why the command may not be sent; nil if it may.
    var objection: RedisError? {
        guard let first = arguments.first else {
            return RedisError(.invalidCommand, "a Redis command needs a name")
        }
        guard case .text(let name) = first else {
            return RedisError(.invalidCommand, "the name of a Redis command is text")
        }
        guard Self.unshareable.contains(name.uppercased()) else { return nil }
        return RedisError(.invalidCommand, "\(name.uppercased()) cannot be sent: the connection is shared")
    }
}
