import Foundation
package import PMTiles

/// The file of map tiles that the operator shows under the cells, with what it says of itself.
package struct Basemap: Sendable {
    package let file: PMTilesFile
    let metadata: Metadata

    /// Opens a PMTiles file.
    /// - Throws: ``PMTilesFault``.
    package init(path: String) throws(PMTilesFault) {
        file = try PMTilesFile(path: path)
        metadata = Metadata(file.metadata)
    }

    /// The metadata of a file, which says what it wants; what has another form than in the specification is left out.
    struct Metadata: Decodable, Sendable {
        struct Layer: Decodable, Sendable {
            let id: String
            let description: String?
            let minzoom: Int?
            let maxzoom: Int?
            let fields: [String: String]

            private enum Key: CodingKey { case id, description, minzoom, maxzoom, fields }

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: Key.self)
                id = try values.decode(String.self, forKey: .id)
                description = try? values.decode(String.self, forKey: .description)
                minzoom = try? values.decode(Int.self, forKey: .minzoom)
                maxzoom = try? values.decode(Int.self, forKey: .maxzoom)
                fields = (try? values.decode([String: String].self, forKey: .fields)) ?? [:]
            }
        }

        private(set) var name: String?
        /// HTML, as in TileJSON.
        private(set) var attribution: String?
        private(set) var layers: [Layer] = []

        private enum Key: String, CodingKey {
            case name, attribution
            case layers = "vector_layers"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            name = try? values.decode(String.self, forKey: .name)
            attribution = try? values.decode(String.self, forKey: .attribution)
            layers = (try? values.decode([Layer].self, forKey: .layers)) ?? []
        }

        fileprivate init(_ json: [UInt8]) {
            guard let told = try? JSONDecoder().decode(Self.self, from: Data(json)) else { return }
            self = told
        }
    }
}
