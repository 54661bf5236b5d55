/// The cost of a request, taken from its client's bucket.
enum RequestCost: Hashable, Sendable {
    /// No cost: probes, and files in memory.
    case free
    /// One unit from the bucket of tiles.
    case tile
    case units(Int)
}
