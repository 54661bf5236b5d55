package import Domain
import Foundation

/// One event of a chunk that a test makes.
package struct SampleEvent {
    /// ISO 8601 with zone.
    package var time: String
    package var longitude: Double
    package var latitude: Double
    package var type: String
    package var id: String
    package var attributes: String

    package init(
        time: String = "2021-06-01T12:00:00Z", longitude: Double = -79.38, latitude: Double = 43.65,
        type: String = "theft", id: String = "", attributes: String = "{}"
    ) {
        self.time = time
        self.longitude = longitude
        self.latitude = latitude
        self.type = type
        self.id = id
        self.attributes = attributes
    }

    package var instant: Instant { SampleEvent.instant(time) }

    package static func instant(_ time: String) -> Instant {
        guard let date = try? Date(time, strategy: .iso8601) else { preconditionFailure("\(time) is no time") }
        return Instant(seconds: Int64(date.timeIntervalSince1970))
    }
}
