import Foundation
import NIOCore

/// A file that is written from front to back.
final class OutputFile {
    private let name: String
    private let descriptor: Int32
    private var isOpen = true

    /// - Parameter name: The name for messages; the path without one.
    init(_ path: String, name: String? = nil) throws(AreaError) {
        self.name = name ?? path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw AreaError(.file, file: self.name, "cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        if isOpen { _ = Foundation.close(descriptor) }
    }

    func write(_ bytes: [UInt8]) throws(AreaError) {
        try check(bytes.withUnsafeBytes { write($0) })
    }

    func write(_ buffer: ByteBuffer) throws(AreaError) {
        try check(buffer.withUnsafeReadableBytes { write($0) })
    }

    private func check(_ problem: String?) throws(AreaError) {
        if let problem { throw AreaError(.file, file: name, "cannot be written: \(problem)") }
    }

    /// Writes bytes and returns the problem if it cannot.
    private func write(_ bytes: UnsafeRawBufferPointer) -> String? {
        var done = 0
        while done < bytes.count {
            let count = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(cString: strerror(errno)) }
            done += count
        }
        return nil
    }

    /// Closes the file; what could not be written is an error only now on some file systems.
    func close() throws(AreaError) {
        isOpen = false
        guard Foundation.close(descriptor) == 0 else {
            throw AreaError(.file, file: name, "cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
