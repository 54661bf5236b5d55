/// Asks whoever stands at the socket to end a connection, as an event that goes outwards.
enum ConnectionEnd {
    /// The moment that written bytes get to arrive, whatever the client does.
    case givenUp
}
