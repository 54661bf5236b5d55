import Foundation
import Synchronization

/// The value of the header `Date`, made once a second.
package final class WireClock: Sendable {
    private let last = Mutex((second: Int64(-1), text: ""))

    package init() {}

    /// The current date.
    package var date: String {
        let second = Int64(time(nil))
        return last.withLock { last in
            if last.second != second { last = (second, HTTPDate.text(seconds: second)) }
            return last.text
        }
    }
}
