import Foundation
import Synchronization

/// The value of the header `Date`, made once a second.
final class WireClock: Sendable {
    private let last = Mutex((second: Int64(-1), text: ""))

    /// The current date.
    var date: String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let second = Int64(now.tv_sec)
        return last.withLock { last in
            if last.second != second { last = (second, HTTPDate.text(seconds: second)) }
            return last.text
        }
    }
}
