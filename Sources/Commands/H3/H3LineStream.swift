import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Reads lines from standard input and answers them on standard output.
///
/// All available lines are read and answered at once. So a long file is fast, and a caller that waits for each answer
/// gets it.
enum H3LineStream {
    private static let chunkSize = 1 << 16

    /// The longest line, far longer than any sensible one. A line without an end is not kept in memory.
    private static let lineLimit = 1 << 26

    struct LineTooLong: Error, CustomStringConvertible {
        let description = "a line of standard input is longer than 64 MiB"
    }

    static func answer(_ answer: (Substring) -> String) throws {
        // A reader that has gone away is an error to report, not a signal that ends the process.
        signal(SIGPIPE, SIG_IGN)
        var rest = [UInt8]()
        var chunk = [UInt8](repeating: 0, count: chunkSize)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunkSize)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
            let scanned = rest.count
            rest.append(contentsOf: chunk[..<count])
            if count == 0 {
                if !rest.isEmpty { try write(answered(rest[...], answer)) }
                return
            }
            guard let end = rest[scanned...].lastIndex(of: UInt8(ascii: "\n")) else {
                guard rest.count < lineLimit else { throw LineTooLong() }
                continue
            }
            try write(answered(rest[..<end], answer))
            rest.removeSubrange(...end)
        }
    }

    private static func answered(_ bytes: ArraySlice<UInt8>, _ answer: (Substring) -> String) -> String {
        var output = ""
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            var text = String(decoding: line, as: UTF8.self)[...]
            if text.utf8.last == UInt8(ascii: "\r") { text = text.dropLast() }
            output += answer(text)
            output += "\n"
        }
        return output
    }

    private static func write(_ output: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(output.utf8))
    }
}
