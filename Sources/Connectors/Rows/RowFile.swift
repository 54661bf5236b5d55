import Foundation
package import NIOCore
import Synchronization

/// The rows of a read as a file: what the ingest reads next.
///
/// `@unchecked Sendable`: all state is changed under `lock`.
package final class RowFile: @unchecked Sendable {
    /// How the rows are written.
    package enum Form: Hashable, Sendable {
        /// One JSON object a line.
        case lines
        /// The bytes of the source, whatever they are.
        case asIs
    }

    /// A place in the file to return to when a page has to be read again.
    package struct Mark: Hashable, Sendable {
        fileprivate let bytes: Int64
        fileprivate let rows: Int
    }

    /// How many bytes are gathered before they are written.
    private static let bufferBytes = 256 << 10

    package let path: String
    private let lock = NSLock()
    private let handle: FileHandle
    private let mostBytes: Int64
    private var buffer: [UInt8] = []
    private var written: Int64 = 0
    private var count = 0
    private var currentForm = Form.lines

    /// Creates the file, which must not exist.
    /// - Parameter mostBytes: The largest size.
    /// - Throws: ``SourceError`` with the code `file`.
    package init(path: String, mostBytes: Int64 = 8 << 30) throws(SourceError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SourceError(.file, url: path, "cannot be created: \(String(cString: strerror(errno)))")
        }
        self.path = path
        self.mostBytes = mostBytes
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Removes the file.
    package func remove() {
        unlink(path)
    }

    /// How many rows were written; bytes that are written as they are count as none.
    package var rows: Int { lock.withLock { count } }

    package var bytes: Int64 { lock.withLock { written + Int64(buffer.count) } }

    package var form: Form { lock.withLock { currentForm } }

    package var mark: Mark { lock.withLock { Mark(bytes: written + Int64(buffer.count), rows: count) } }

    /// Drops everything after a mark.
    package func rewind(to mark: Mark) throws(SourceError) {
        try locked { () throws(SourceError) in
            try flush()
            guard ftruncate(handle.fileDescriptor, off_t(mark.bytes)) == 0,
                lseek(handle.fileDescriptor, off_t(mark.bytes), SEEK_SET) >= 0
            else { throw fault() }
            written = mark.bytes
            count = mark.rows
        }
    }

    /// Writes a JSON object as a line. Line ends between its members become spaces; within strings JSON has none.
    package func write(row: some Sequence<UInt8>) throws(SourceError) {
        try locked { () throws(SourceError) in
            for byte in row { buffer.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
            buffer.append(0x0A)
            count += 1
            try flushIfFull()
        }
    }

    /// Writes bytes of the source as they are.
    package func write(bytes: ByteBuffer) throws(SourceError) {
        try locked { () throws(SourceError) in
            currentForm = .asIs
            buffer.append(contentsOf: bytes.readableBytesView)
            try flushIfFull()
        }
    }

    /// Writes what is still in memory. To be called before the file is read.
    package func finish() throws(SourceError) {
        try locked { () throws(SourceError) in try flush() }
    }

    private func locked(_ body: () throws(SourceError) -> Void) throws(SourceError) {
        lock.lock()
        defer { lock.unlock() }
        try body()
    }

    private func flushIfFull() throws(SourceError) {
        guard written + Int64(buffer.count) <= mostBytes else {
            throw SourceError(.file, url: path, "the rows take more than \(mostBytes) bytes, which is their limit")
        }
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    private func flush() throws(SourceError) {
        var start = 0
        while start < buffer.count {
            let sent = buffer.withUnsafeBytes { bytes in
                Foundation.write(handle.fileDescriptor, bytes.baseAddress! + start, bytes.count - start)
            }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { throw fault() }
            start += sent
        }
        written += Int64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
    }

    private func fault() -> SourceError {
        SourceError(.file, url: path, "cannot be written: \(String(cString: strerror(errno)))")
    }
}
