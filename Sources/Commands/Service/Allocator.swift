import CAllocator

/// The allocator of a process that runs for long.
enum Allocator {
    /// The number of heaps that threads share. By default there are eight a core, and each keeps its own gaps: a server
    /// with some 25 threads held three times what it used. Fixed limits of what is given back to the system were tried,
    /// too, and took a sixth of the tiles a second.
    private static let heaps: Int32 = 4

    /// Has the allocator keep little. To be called before the process has many threads.
    static func keepLittle() { hextant_bound_heaps(heaps) }
}
