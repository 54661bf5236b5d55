import CLibpq

extension PostgresConnection {
    /// The server's error as a `PostgresError`, without its context and the statement's text, which may contain values.
    static func error(of result: OpaquePointer) -> PostgresError {
        func field(_ code: Character) -> String? {
            code.asciiValue.flatMap { PQresultErrorField(result, Int32($0)) }.map { String(cString: $0) }
        }
        let state = field("C")
        let message = field("M") ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? "unknown error"
        let code: PostgresError.Code =
            switch state {
            // query_canceled is both statement_timeout and PQcancel, which only the server's English text
            // distinguishes.
            case "57014" where message.contains("statement timeout"): .timeout
            case "57014": .cancelled
            case "57P01", "57P02", "57P03": .connection
            case nil: .connection
            default: .server
            }
        return PostgresError(
            code, message, sqlState: state, detail: field("D"), hint: field("H"), constraint: field("n"))
    }
}
