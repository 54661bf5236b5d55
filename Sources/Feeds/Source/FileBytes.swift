import Foundation

/// A file's bytes.
final class FileBytes: ByteStream {
    private let path: String
    private let handle: FileHandle
    private var offset: UInt64 = 0
    private var end = UInt64.max
    /// How many bytes were returned so far.
    private(set) var bytesRead: Int64 = 0

    init(_ file: EventFile) throws(FeedError) {
        path = file.path
        guard let handle = FileHandle(forReadingAtPath: file.location) else {
            throw FeedError(.file, file: path, "cannot be opened for reading; check its permissions")
        }
        self.handle = handle
    }

    /// Restricts the bytes that are returned from now on.
    func restrict(to range: Range<UInt64>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    func next() throws(FeedError) -> [UInt8]? {
        let piece = try read(at: offset, count: Int(min(UInt64(pieceBytes), end - offset)))
        offset += UInt64(piece.count)
        bytesRead += Int64(piece.count)
        return piece.isEmpty ? nil : piece
    }

    /// The bytes at an offset; fewer than `count` only where the file ends.
    func read(at offset: UInt64, count: Int) throws(FeedError) -> [UInt8] {
        var problem: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let place = off_t(offset) + off_t(initialized)
                let got = pread(
                    handle.fileDescriptor, buffer.baseAddress! + initialized, count - initialized, place)
                if got < 0, errno == EINTR { continue }
                if got < 0 { problem = errno }
                guard got > 0 else { return }
                initialized += got
            }
        }
        guard problem == 0 else {
            throw FeedError(.file, file: path, "cannot be read: \(String(cString: strerror(problem)))")
        }
        return bytes
    }
}
