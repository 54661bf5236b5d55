import Foundation

/// The folder in which the bodies of this process' uploads lie: its own, as long as it lives.
///
/// Whose folder it is says a lock on a file in it, which ends with the process whatever way that ends, and which no
/// other process takes by mistake, as a process id could be.
package final class SpoolFolder: Sendable {
    private static let prefix = "hextant-spool-"
    private static let lockName = "lock"
    /// A folder without a lock file may be one that is just being made.
    private static let youth = 60.0

    package let path: String
    private let lock: Int32

    /// Makes a folder and removes those that processes of the same user have left behind.
    ///
    /// - Parameter parent: by default the folder for temporary files, which `TMPDIR` names.
    /// - Throws: ``SpoolFolderError`` when there can be none.
    package init(in parent: String = FileManager.default.temporaryDirectory.path) throws(SpoolFolderError) {
        Self.removeAbandoned(in: parent)
        for _ in 0..<10 {
            let path = "\(parent)/\(Self.prefix)\(UUID().uuidString)"
            guard mkdir(path, 0o700) == 0 else { throw SpoolFolderError(parent: parent, code: errno) }
            let lock = open("\(path)/\(Self.lockName)", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            guard lock >= 0 else { throw SpoolFolderError(parent: parent, code: errno) }
            // Another process may have taken it for abandoned before it was locked.
            if flock(lock, LOCK_EX | LOCK_NB) == 0, Self.isThere(lock, at: "\(path)/\(Self.lockName)") {
                self.path = path
                self.lock = lock
                return
            }
            close(lock)
        }
        throw SpoolFolderError(parent: parent, code: EAGAIN)
    }

    /// Removes the folder with what is in it; at the end of the process, when no body is read any more.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
        close(lock)
    }

    /// Bytes that the file system has for more, and how many it has in all; nil where it does not say.
    var room: (free: Int, all: Int)? {
        var told = statvfs()
        guard statvfs(path, &told) == 0 else { return nil }
        return (Int(told.f_bavail) * Int(told.f_frsize), Int(told.f_blocks) * Int(told.f_frsize))
    }

    private static func removeAbandoned(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            var told = stat()
            // Not through a link, and nothing of somebody else.
            guard lstat(path, &told) == 0, told.st_mode & S_IFMT == S_IFDIR, told.st_uid == geteuid() else { continue }
            let lock = open("\(path)/\(lockName)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            defer { if lock >= 0 { close(lock) } }
            let isAbandoned =
                lock >= 0
                ? flock(lock, LOCK_EX | LOCK_NB) == 0
                : Date().timeIntervalSince1970 - Double(told.st_mtim.tv_sec) > youth
            if isAbandoned { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    private static func isThere(_ file: Int32, at path: String) -> Bool {
        var (held, found) = (stat(), stat())
        return fstat(file, &held) == 0 && stat(path, &found) == 0 && held.st_ino == found.st_ino
            && held.st_dev == found.st_dev
    }
}

/// There is no place for the bodies of uploads.
package struct SpoolFolderError: Error, CustomStringConvertible {
    let parent: String
    let code: Int32

    package var description: String {
        "cannot write to \(parent), where the bodies of uploads are to lie (\(String(cString: strerror(code)))): "
            + "set TMPDIR to a folder of this user with room for them"
    }
}
