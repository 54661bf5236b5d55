// On Linux this is the module that declares `stat` first.
import CDispatch
import Foundation

/// The file that a command reads. What comes from a pipe is kept on disk meanwhile, because its digest must be known
/// before it is stored, and because an archive is not read from front to back.
struct InputFile {
    /// The path by which the file is opened.
    let path: String
    /// The name for messages.
    let name: String

    /// - Parameter argument: A path, or `-` for standard input.
    /// - Throws: ``InputFault`` when a pipe cannot be read, or there is no room for its copy.
    init(_ argument: String) throws {
        let isStandardInput = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].contains(argument)
        name = isStandardInput ? "standard input" : argument
        var found = stat()
        let isKnown = isStandardInput ? fstat(STDIN_FILENO, &found) == 0 : stat(argument, &found) == 0
        let kind = found.st_mode & S_IFMT
        guard isKnown, [S_IFIFO, S_IFCHR, S_IFSOCK].contains(kind) || argument == "-" else {
            path = argument
            return
        }
        let source = isStandardInput ? STDIN_FILENO : open(argument, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw InputFault(name, "cannot be opened: \(String(cString: strerror(errno)))") }
        defer { if !isStandardInput { close(source) } }
        let copy = try Self.nameless(name)
        try Self.pass(from: source, to: copy, name)
        path = "/proc/self/fd/\(copy)"
    }

    /// Opens a new file in the folder for temporary files. It has no name there and stays open as long as the process
    /// lives, so nothing is left of it then.
    private static func nameless(_ name: String) throws -> Int32 {
        let folder = FileManager.default.temporaryDirectory.path
        var template = Array("\(folder)/hextant-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw InputFault(
                name, "cannot be kept in \(folder): \(String(cString: strerror(errno))); TMPDIR names another folder")
        }
        unlink(template)
        return descriptor
    }

    private static func pass(from source: Int32, to target: Int32, _ name: String) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(source, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw InputFault(name, "cannot be read: \(String(cString: strerror(errno)))") }
            guard count > 0 else { return }
            var start = 0
            while start < count {
                let written = write(target, buffer.baseAddress?.advanced(by: start), count - start)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else {
                    throw InputFault(
                        name,
                        "cannot be kept in \(FileManager.default.temporaryDirectory.path): "
                            + "\(String(cString: strerror(errno))); TMPDIR names another folder")
                }
                start += written
            }
        }
    }
}

/// Why a pipe could not be read.
struct InputFault: Error, CustomStringConvertible {
    let description: String

    init(_ name: String, _ problem: String) { description = "\(name): \(problem)" }
}

/// The failure of an ingest, or a dry run of one, that read records and accepted none of them.
struct NothingAccepted: Error, CustomStringConvertible {
    let rejected: Int
    var isDryRun = false

    var description: String {
        let (verb, source) = isDryRun ? ("would be", "the report") : ("was", "`hextant dead-letters list`")
        return "none of \(rejected) records \(verb) accepted, so the file or the mapping is wrong: \(source) has the "
            + "reasons; --allow-empty accepts this"
    }
}
