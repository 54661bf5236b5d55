import CDispatch
import Foundation

/// The folder for the bodies of this process' uploads, which exists as long as the process.
///
/// The owner holds a lock on a file in the folder. The lock ends with the process, however that ends, and no other
/// process can have it by mistake, as could happen with a process id.
package final class SpoolFolder: Sendable {
    private static let prefix = "hextant-spool-"
    private static let lockName = "lock"
    /// The age in seconds below which a folder without a lock file may still be under construction.
    private static let youth = 60.0

    package let path: String
    private let lock: Int32

    /// Creates a folder and removes those that ended processes of the same user left behind.
    ///
    /// - Parameter parent: By default the folder for temporary files, which `TMPDIR` names.
    /// - Throws: ``SpoolFolderError`` when the folder cannot be created.
    package init(in parent: String = FileManager.default.temporaryDirectory.path) throws(SpoolFolderError) {
        Self.removeAbandoned(in: parent)
        for _ in 0..<10 {
            let path = "\(parent)/\(Self.prefix)\(UUID().uuidString)"
            guard mkdir(path, 0o700) == 0 else { throw SpoolFolderError(parent: parent, code: errno) }
            let lock = open("\(path)/\(Self.lockName)", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            guard lock >= 0 else { throw SpoolFolderError(parent: parent, code: errno) }
            // Another process may have removed it as abandoned before it was locked.
            if flock(lock, LOCK_EX | LOCK_NB) == 0, Self.isThere(lock, at: "\(path)/\(Self.lockName)") {
                self.path = path
                self.lock = lock
                return
            }
            close(lock)
        }
        throw SpoolFolderError(parent: parent, code: EAGAIN)
    }

    /// Removes the folder with its contents. Call it at the end of the process, when no body is being read any more.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
        close(lock)
    }

    /// The free and total bytes of the file system; nil where they cannot be found out.
    package var room: (free: Int, all: Int)? {
        var told = statvfs()
        guard statvfs(path, &told) == 0 else { return nil }
        return (Int(told.f_bavail) * Int(told.f_frsize), Int(told.f_blocks) * Int(told.f_frsize))
    }

    private static func removeAbandoned(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            var told = stat()
            // Must be a real folder of the same user, not a link.
            guard lstat(path, &told) == 0, told.st_mode & S_IFMT == S_IFDIR, told.st_uid == geteuid() else { continue }
            let lock = open("\(path)/\(lockName)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            defer { if lock >= 0 { close(lock) } }
            let isAbandoned = lock >= 0 ? flock(lock, LOCK_EX | LOCK_NB) == 0 : age(ofFolder: path) > youth
            if isAbandoned { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    /// Seconds since a folder was last changed.
    private static func age(ofFolder path: String) -> Double {
        let changed = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
        return -(changed?.timeIntervalSinceNow ?? 0)
    }

    private static func isThere(_ file: Int32, at path: String) -> Bool {
        var (held, found) = (stat(), stat())
        return fstat(file, &held) == 0 && stat(path, &found) == 0 && held.st_ino == found.st_ino
            && held.st_dev == found.st_dev
    }
}

/// Why there is no folder for the bodies of uploads.
package struct SpoolFolderError: Error, CustomStringConvertible {
    package let parent: String
    package let code: Int32

    package var description: String {
        "cannot write to \(parent), the folder for the bodies of uploads (\(String(cString: strerror(code)))): "
            + "set TMPDIR to a folder of this user with room for them"
    }
}
