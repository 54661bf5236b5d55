import Domain
import JSON

extension JSONWriter {
    /// Writes west, south, east and north.
    mutating func value(_ box: BoundingBox) {
        array(of: [box.west, box.south, box.east, box.north]) { json, degrees in json.value(degrees) }
    }
}
