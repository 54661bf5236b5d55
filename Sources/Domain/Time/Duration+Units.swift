extension Duration {
    package static func days(_ days: Int) -> Duration { .seconds(Int64(days) * Instant.secondsPerDay) }

    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    /// Whole milliseconds, rounded towards zero.
    package var inMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    /// Whole microseconds, rounded towards zero.
    package var inMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * Instant.microsecondsPerSecond + attoseconds / 1_000_000_000_000
    }
}
