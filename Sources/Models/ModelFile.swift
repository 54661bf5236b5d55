import Foundation

/// Reads and writes the files of models.
enum ModelFile {
    /// The largest file in bytes.
    static let largest = 64 << 20

    static func bytes(of model: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = [UInt8](try encoder.encode(model))
        guard bytes.count <= largest else {
            throw ModelError(.data, "the model takes \(bytes.count) bytes; at most \(largest) are stored")
        }
        return bytes
    }

    static func read<Model: Decodable>(_ type: Model.Type, of bytes: [UInt8]) throws(ModelError) -> Model {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw ModelError(.file, "the file is not one of a model of this version")
        }
    }
}
