/// Lets other tasks run until `condition` holds; if it never does, the test's time limit ends it.
package func until(_ condition: @Sendable () -> Bool) async throws {
    while !condition() { await Task.yield() }
}
