import Domain
import Foundation
import Yams

/// The description of a dataset in a YAML file.
struct DatasetFile {
    let dataset: Dataset

    /// - Throws: ``DatasetFileError`` with every fault and its line.
    init(path: String) throws(DatasetFileError) {
        do {
            dataset = try Self.read(path)
        } catch let fault as YAMLFault {
            throw DatasetFileError(lines: ["\(fault)"])
        } catch let error as DatasetFileError {
            throw error
        } catch {
            throw DatasetFileError(lines: ["\(path): \(error)"])
        }
    }

    private static func read(_ path: String) throws -> Dataset {
        let root = try YAMLFaults.root(of: path)
        guard let root, let mapping = root.mapping else {
            throw DatasetFileError(lines: ["\(path):1: expected the keys of a dataset, see docs/datasets.md"])
        }
        var faults = YAMLFaults(path)
        for (key, value) in mapping {
            guard let name = key.string, DatasetDescription.keys.contains(name) else {
                faults.addUnknown(key, "a key", "the keys", DatasetDescription.keys)
                continue
            }
            // Each key alone, so that a fault of one does not hide those of the others.
            do {
                try decoded(.mapping(Node.Mapping([(key, value)]))).check()
            } catch let error as DatasetDescriptionError {
                faults.add(line: line(of: error, key, value), "\(error)")
            }
        }
        // The store asks the database, too, when the dataset is put.
        if let zone = mapping["time_zone"]?.string, TimeZoneName.isPortable(zone), TimeZone(identifier: zone) == nil {
            faults.add(mapping["time_zone"], "time_zone: \"\(zone)\" is not a known IANA time zone")
        }
        let required = DatasetDescription.requiredKeys(holding: mapping["holds"]?.string)
        for key in required where mapping[key].map({ $0.null != nil }) ?? true {
            faults.add(mapping[key], "\(key): is missing")
        }
        guard faults.isEmpty else { throw DatasetFileError(lines: faults.lines) }
        return try decoded(root).dataset()
    }

    private static func decoded(_ node: Node) throws -> DatasetDescription {
        do {
            return try YAMLDecoder().decode(DatasetDescription.self, from: node)
        } catch let error as DecodingError {
            throw DatasetDescriptionError(error)
        }
    }

    /// The line of the innermost node that an error names.
    private static func line(of error: DatasetDescriptionError, _ key: Node, _ value: Node) -> Int {
        var line = key.mark?.line ?? 1
        var node: Node? = value
        for part in (error.field ?? "").split(separator: ".").dropFirst() {
            node = node?.mapping?[String(part)]
            line = node?.mark?.line ?? line
        }
        return line
    }
}

/// Why the description of a dataset cannot be used.
struct DatasetFileError: Error, SeveralLines, CustomStringConvertible {
    let lines: [String]
}
