import Domain

/// Too many reports wait to be drawn.
package struct TooManyReports: TemporarilyUnavailable, CustomStringConvertible {
    package var retryAfter: Duration { .seconds(2) }
    package let description = "too many reports are being drawn; try again in a moment"

    package init() {}
}
