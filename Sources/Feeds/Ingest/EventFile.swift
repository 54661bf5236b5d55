import Digest
import Foundation

/// A file of events on disk.
package struct EventFile: Sendable {
    package let path: String
    /// The size of the file when it was first opened.
    package let byteCount: Int64
    /// How many bytes the file may decompress to; nil for no limit besides the one on the ratio.
    let mostUnpacked: Int?

    /// - Parameter mostUnpacked: How many bytes the file may decompress to, if a client sent it.
    /// - Throws: `FeedError` when the file does not exist or is not a regular file.
    package init(path: String, mostUnpacked: Int? = nil) throws(FeedError) {
        self.path = path
        self.mostUnpacked = mostUnpacked
        let attributes: [FileAttributeKey: Any]
        do {
            let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            attributes = try FileManager.default.attributesOfItem(atPath: resolved)
        } catch {
            throw FeedError(.file, file: path, "file not found, or no permission to read it")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw FeedError(.file, file: path, "is not a regular file")
        }
        byteCount = (attributes[.size] as? NSNumber)?.int64Value ?? 0
    }

    /// The SHA-256 of the content as 64 lower-case hexadecimal digits. Reads the whole file on a decoding thread.
    package func sha256() async throws -> String {
        let work = Task(executorPreference: DecodingThreads.shared) {
            let bytes = try FileBytes(self)
            let hash = SHA256()
            while let piece = try bytes.next() {
                try Task.checkCancellation()
                piece.withUnsafeBytes { hash.update($0) }
            }
            return hexadecimal(hash.finalize())
        }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }
}
