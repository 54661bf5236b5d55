/// Asks whoever stands at the socket to end a connection, as an event that goes outwards.
enum ConnectionEnd {
    /// What has been written gets a moment to arrive, whatever the client does.
    case givenUp
}
