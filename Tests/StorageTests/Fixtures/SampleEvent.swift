import Foundation

/// One event of a chunk that a test makes.
struct SampleEvent {
    /// ISO 8601 with an offset.
    var time = "2021-06-01T12:00:00Z"
    var longitude = -79.38
    var latitude = 43.65
    var type = "theft"
    var id = ""
    var attributes = "{}"

    /// Microseconds since 1970.
    var microseconds: Int64 { SampleEvent.microseconds(time) }

    static func microseconds(_ time: String) -> Int64 {
        guard let date = try? Date(time, strategy: .iso8601) else { preconditionFailure("\(time) is no time") }
        return Int64(date.timeIntervalSince1970) * 1_000_000
    }
}
