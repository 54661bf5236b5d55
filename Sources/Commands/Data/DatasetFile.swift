import Domain
import Foundation
import Yams

/// The description of a dataset in a YAML file.
struct DatasetFile {
    let dataset: Dataset

    init(path: String) throws {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw DatasetFileError("cannot read \(path)")
        }
        do {
            dataset = try YAMLDecoder().decode(DatasetDescription.self, from: text).dataset()
        } catch let error as DatasetDescriptionError {
            throw DatasetFileError("\(path): \(error)")
        } catch let error as DecodingError {
            throw DatasetFileError("\(path): \(DatasetDescriptionError(error))")
        }
    }
}

/// Why the description of a dataset cannot be used.
struct DatasetFileError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
