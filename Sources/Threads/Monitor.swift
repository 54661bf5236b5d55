package import Foundation

/// State that threads share and may wait for.
///
/// `@unchecked Sendable`: `state` is read and written only while `condition` is locked.
package final class Monitor<State>: @unchecked Sendable {
    private let condition = NSCondition()
    private var state: State

    package init(_ state: sending State) { self.state = state }

    /// Changes the state and wakes one of the threads that wait for it.
    package func change<Result>(_ body: (inout State) -> Result) -> Result {
        condition.lock()
        defer {
            condition.signal()
            condition.unlock()
        }
        return body(&state)
    }

    /// Waits, without a limit, until `body` returns a result. `body` is called at once and after each change.
    package func wait<Result>(until body: (inout State) -> Result?) -> Result {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let result = body(&state) { return result }
            condition.wait()
        }
    }
}

extension Thread {
    /// Starts a thread, which ends when `body` returns.
    /// - Parameter stackSize: In bytes. Most threads wait most of the time and call little.
    package static func run(
        named name: String, stackSize: Int = 512 * 1024, _ body: @escaping @Sendable () -> Void
    ) {
        let thread = Thread(block: body)
        thread.name = name
        thread.stackSize = stackSize
        thread.start()
    }
}
