import Foundation

/// A mapping on disk.
package enum MappingFile {
    /// Writes the text of a mapping to a new file.
    ///
    /// - Throws: `FeedError` when the file is there already or cannot be written.
    package static func write(_ yaml: String, to path: String) throws(FeedError) {
        do {
            try Data(yaml.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
        } catch let error as CocoaError where error.code == .fileWriteFileExists {
            throw FeedError(.file, file: path, "is there already; give another name or remove it first")
        } catch {
            throw FeedError(.file, file: path, "cannot be written: \(error.localizedDescription)")
        }
    }
}
