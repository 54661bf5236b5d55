import Foundation

/// A file for a body that is being received. It is deleted with the last reference.
final class SpoolFile {
    let path: String
    private let descriptor: Int32

    /// - Throws: ``Problem`` 503 when the disk is full, 500 when the file cannot be created for another reason.
    init(path: String) throws(Problem) {
        self.path = path
        descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.problem(errno) }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// - Throws: ``Problem`` 503 when the disk is full.
    func write(_ bytes: some Sequence<UInt8>) throws(Problem) {
        let problem: Int32 =
            bytes.withContiguousStorageIfAvailable { Self.write(UnsafeRawBufferPointer($0), to: descriptor) }
            ?? Array(bytes).withUnsafeBytes { Self.write($0, to: descriptor) }
        guard problem == 0 else { throw Self.problem(problem) }
    }

    /// - Returns: 0, or the number of the error.
    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            guard written >= 0 || errno == EINTR else { return errno }
            rest = rest.dropFirst(max(0, written))
        }
        return 0
    }

    private static func problem(_ code: Int32) -> Problem {
        [ENOSPC, EDQUOT].contains(code) ? .noDisk : .fault
    }
}

extension Problem {
    /// The refusal of a body when the disk is full.
    static let noDisk = Problem.unavailable(
        "The disk of this server is full; try again later.", retryAfter: .seconds(60))
}
