import Crypto
import Foundation

/// A file of events on disk.
package struct EventFile: Sendable {
    package let path: String
    /// Its size when it was opened first.
    package let byteCount: Int64
    /// The most that it may unpack to, in bytes; nil is no limit besides that of how much text packs.
    let mostUnpacked: Int?

    /// - Parameter mostUnpacked: what a file may unpack to, in bytes, that somebody sent.
    /// - Throws: `FeedError` when the file is not there, or is no plain file.
    package init(path: String, mostUnpacked: Int? = nil) throws(FeedError) {
        self.path = path
        self.mostUnpacked = mostUnpacked
        let attributes: [FileAttributeKey: Any]
        do {
            let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            attributes = try FileManager.default.attributesOfItem(atPath: resolved)
        } catch {
            throw FeedError(.file, file: path, "there is no such file, or it cannot be looked at")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw FeedError(.file, file: path, "is no plain file")
        }
        byteCount = (attributes[.size] as? NSNumber)?.int64Value ?? 0
    }

    /// The SHA-256 of its content as 64 lower-case hexadecimal digits; reads the whole file, away from the global pool.
    package func sha256() async throws -> String {
        let work = Task(executorPreference: DecodingThreads.shared) {
            let bytes = try FileBytes(self)
            var hash = SHA256()
            while let piece = try bytes.next() {
                try Task.checkCancellation()
                hash.update(data: piece)
            }
            return hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }
}
