/// Lets others run until `condition` holds; a condition that never does ends by the test's cancellation.
func until(_ condition: @Sendable () -> Bool) async throws {
    while !condition() { await Task.yield() }
}
