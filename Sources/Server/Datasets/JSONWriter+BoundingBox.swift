import Domain
import JSON

extension JSONWriter {
    /// Writes a box, or null without one.
    mutating func field(_ name: String, _ box: BoundingBox?) {
        self.name(name)
        if let box { value(box) } else { null() }
    }

    /// Writes west, south, east and north; west is above east where the box crosses the antimeridian.
    mutating func value(_ box: BoundingBox) {
        array(of: [box.west, box.south, box.east, box.north]) { json, degrees in json.value(degrees) }
    }
}
