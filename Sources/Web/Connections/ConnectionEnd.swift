/// Asks the handler at the socket to end a connection, as an outbound event.
enum ConnectionEnd {
    /// The connection is given up: written bytes get a moment to arrive, whatever the client does.
    case givenUp
}
