package import Caching
import Domain

extension DeadlineExceeded: TemporarilyUnavailable {
    package var retryAfter: Duration { .seconds(1) }
}
