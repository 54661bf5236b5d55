import Crypto
import Foundation

/// A file of events on disk.
package struct EventFile: Sendable {
    static let pieceBytes = 1 << 20

    package let path: String
    /// Its size when it was opened first.
    package let byteCount: Int64

    /// - Throws: `FeedError` when the file is not there, is no plain file, or is not UTF-8 text by its first bytes.
    package init(path: String) throws(FeedError) {
        self.path = path
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
        try checkEncoding()
    }

    /// The SHA-256 of its content as 64 lower-case hexadecimal digits; reads the whole file.
    package func sha256() throws(FeedError) -> String {
        let handle = try open()
        var hash = SHA256()
        while let piece = try read(from: handle) { hash.update(data: piece) }
        return hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    func open() throws(FeedError) -> FileHandle {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw FeedError(.file, file: path, "cannot be opened for reading; check its permissions")
        }
        return handle
    }

    /// The next piece; nil at the end of the file.
    func read(from handle: FileHandle) throws(FeedError) -> Data? {
        do {
            let piece = try handle.read(upToCount: Self.pieceBytes)
            return piece?.isEmpty == false ? piece : nil
        } catch {
            throw FeedError(.file, file: path, "cannot be read: \(error.localizedDescription)")
        }
    }

    private func checkEncoding() throws(FeedError) {
        let start: Data
        do {
            start = try open().read(upToCount: 4) ?? Data()
        } catch {
            throw FeedError(.file, file: path, "cannot be read: \(error)")
        }
        let marks: [(bytes: [UInt8], problem: String)] = [
            ([0xFF, 0xFE], "is UTF-16, not UTF-8; convert it: iconv -f UTF-16 -t UTF-8"),
            ([0xFE, 0xFF], "is UTF-16, not UTF-8; convert it: iconv -f UTF-16 -t UTF-8"),
            ([0x1F, 0x8B], "is compressed by gzip; unpack it first: gunzip"),
            ([0x50, 0x4B, 0x03, 0x04], "is a zip archive; unpack it first: unzip"),
        ]
        for (bytes, problem) in marks where start.starts(with: bytes) {
            throw FeedError(.encoding, file: path, problem)
        }
    }
}
