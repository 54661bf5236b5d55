import Foundation
package import NIOCore
import Synchronization

/// The rows of a read as a file: what the ingest reads next.
package final class RowFile: Sendable {
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
    private let handle: FileHandle
    private let mostBytes: Int64
    private let state = Mutex(State())

    private struct State {
        /// The bytes that are not in the file yet.
        var buffer: [UInt8] = []
        /// How many bytes are in the file.
        var written: Int64 = 0
        var rows = 0
        var form = Form.lines

        var bytes: Int64 { written + Int64(buffer.count) }
    }

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
    package var rows: Int { state.withLock { $0.rows } }

    package var bytes: Int64 { state.withLock { $0.bytes } }

    package var form: Form { state.withLock { $0.form } }

    package var mark: Mark { state.withLock { Mark(bytes: $0.bytes, rows: $0.rows) } }

    /// Drops everything after a mark.
    package func rewind(to mark: Mark) throws(SourceError) {
        try state.withLock { state throws(SourceError) in
            try flush(&state)
            guard ftruncate(handle.fileDescriptor, off_t(mark.bytes)) == 0,
                lseek(handle.fileDescriptor, off_t(mark.bytes), SEEK_SET) >= 0
            else { throw fault() }
            state.written = mark.bytes
            state.rows = mark.rows
        }
    }

    /// Writes a JSON object as a line. Line ends between its members become spaces; within strings JSON has none.
    package func write(row: some Sequence<UInt8>) throws(SourceError) {
        try state.withLock { state throws(SourceError) in
            for byte in row { state.buffer.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
            state.buffer.append(0x0A)
            state.rows += 1
            try flushIfFull(&state)
        }
    }

    /// Writes bytes of the source as they are.
    package func write(bytes: ByteBuffer) throws(SourceError) {
        try state.withLock { state throws(SourceError) in
            state.form = .asIs
            state.buffer.append(contentsOf: bytes.readableBytesView)
            try flushIfFull(&state)
        }
    }

    /// Writes what is still in memory. To be called before the file is read.
    package func finish() throws(SourceError) {
        try state.withLock { state throws(SourceError) in try flush(&state) }
    }

    private func flushIfFull(_ state: inout State) throws(SourceError) {
        guard state.bytes <= mostBytes else {
            throw SourceError(.file, url: path, "the rows take more than \(mostBytes) bytes, which is their limit")
        }
        if state.buffer.count >= Self.bufferBytes { try flush(&state) }
    }

    private func flush(_ state: inout State) throws(SourceError) {
        var start = 0
        while start < state.buffer.count {
            let sent = state.buffer.withUnsafeBytes { bytes in
                Foundation.write(handle.fileDescriptor, bytes.baseAddress! + start, bytes.count - start)
            }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { throw fault() }
            start += sent
        }
        state.written += Int64(state.buffer.count)
        state.buffer.removeAll(keepingCapacity: true)
    }

    private func fault() -> SourceError {
        SourceError(.file, url: path, "cannot be written: \(String(cString: strerror(errno)))")
    }
}
