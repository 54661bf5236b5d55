package import Formats

/// One record of a layer: a place and what is known of it.
package struct AreaRecord: Sendable {
    package struct Property: Hashable, Sendable {
        package let name: String
        package let value: PropertyValue

        package init(_ name: String, _ value: PropertyValue) {
            self.name = name
            self.value = value
        }
    }

    /// The number of the record in its file, counted from 1.
    package let number: Int
    /// The id that the format has besides the properties: a text, an integer or nothing.
    package let id: PropertyValue
    /// The place; nil for a record without one. Polygons have closed rings.
    package var geometry: Geometry?
    package var properties: [Property]

    package init(number: Int, id: PropertyValue = .null, geometry: Geometry?, properties: [Property]) {
        self.number = number
        self.id = id
        self.geometry = geometry
        self.properties = properties
    }
}

/// Reads a layer of a file, record by record, so that no more than one is in memory.
package protocol LayerReader: AnyObject {
    /// The name of the file for messages.
    var file: String { get }
    /// The reference system that the file states, as PROJ reads it; nil when it states none.
    var reference: String? { get }
    /// The names of the columns; nil where each record names its own.
    var columns: [String]? { get }
    /// The share of the layer that was read, from 0 to 1.
    var share: Double { get }
    /// Remarks on what was read so far, as sentences.
    var notes: [String] { get }

    /// Returns the next record; nil at the end.
    /// - Throws: `AreaError` with the number of the record that cannot be read.
    func next() throws(AreaError) -> AreaRecord?
}
