/// Why a PMTiles file cannot be used, as a sentence for the operator. It says nothing of the path.
package struct PMTilesFault: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
