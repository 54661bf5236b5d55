import CSQLite
import Formats
import Foundation

/// A SQLite file that somebody else made, opened for reading with what SQLite advises for such files (sqlite.org,
/// "Defense Against The Dark Arts"): no code of the schema runs, pages are checked, and work that returns no row ends.
final class PackageDatabase {
    let name: String
    private let handle: OpaquePointer
    /// An object that must stay as long as the database is open, such as an unpacked archive.
    private let owner: AnyObject?

    /// How many times ten million instructions of SQLite's machine one row may take: some seconds, where a row of a
    /// table takes some hundred instructions.
    private static let mostSteps: Int32 = 50

    init(path: String, name: String, owner: AnyObject?, limits: AreaLimits) throws(AreaError) {
        // A file that nobody writes needs no locks and no files beside it, so its folder may be read-only. With a
        // write-ahead log beside it that is not so, because what is in the log belongs to the data.
        let hasLog = FileManager.default.fileExists(atPath: path + "-wal")
        let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        let absolute = path.hasPrefix("/") ? "//\(escaped)" : escaped
        var handle: OpaquePointer?
        let status = sqlite3_open_v2(
            "file:\(absolute)?mode=ro\(hasLog ? "" : "&immutable=1")", &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
            nil)
        guard status == SQLITE_OK, let handle else {
            let problem = String(cString: sqlite3_errstr(status))
            sqlite3_close_v2(handle)
            throw AreaError(.file, file: name, "cannot be opened: \(problem)")
        }
        self.name = name
        self.handle = handle
        self.owner = owner
        _ = hextant_sqlite_switch(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
        _ = hextant_sqlite_switch(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
        sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(clamping: limits.mostRecordBytes))
        sqlite3_exec(handle, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", nil, nil, nil)
    }

    deinit { sqlite3_close_v2(handle) }

    /// The name of a table or column in a statement.
    static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    func rows(_ statement: String, _ values: [String] = []) throws(AreaError) -> Rows {
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v2(handle, statement, -1, &prepared, nil) == SQLITE_OK, let prepared else {
            throw AreaError(.damaged, file: name, "is not a GeoPackage: \(message)")
        }
        for (index, value) in values.enumerated() {
            // SQLite copies the text when it is told that the pointer does not stay (-1, a cast that Swift lacks).
            sqlite3_bind_text(
                prepared, Int32(index + 1), value, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
        }
        return Rows(self, prepared)
    }

    private var message: String { String(cString: sqlite3_errmsg(handle)) }

    /// The rows of a statement, one at a time.
    final class Rows {
        private let database: PackageDatabase
        private let statement: OpaquePointer

        fileprivate init(_ database: PackageDatabase, _ statement: OpaquePointer) {
            self.database = database
            self.statement = statement
        }

        deinit { sqlite3_finalize(statement) }

        /// Moves to the next row; false when there is none.
        func step() throws(AreaError) -> Bool {
            var left = PackageDatabase.mostSteps
            let status = withUnsafeMutablePointer(to: &left) { left in
                sqlite3_progress_handler(
                    database.handle, 10_000_000,
                    { left in
                        guard let left = left?.assumingMemoryBound(to: Int32.self) else { return 1 }
                        left.pointee -= 1
                        return left.pointee < 0 ? 1 : 0
                    }, left)
                defer { sqlite3_progress_handler(database.handle, 0, nil, nil) }
                return sqlite3_step(statement)
            }
            switch status {
            case SQLITE_ROW: return true
            case SQLITE_DONE: return false
            case SQLITE_INTERRUPT:
                throw AreaError(.limit, file: database.name, "takes too long to read: one of its views does not end")
            default:
                throw AreaError(.damaged, file: database.name, "cannot be read: \(database.message)")
            }
        }

        func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL }

        func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement, Int32(column)) }

        func text(_ column: Int) -> String? {
            guard let text = sqlite3_column_text(statement, Int32(column)) else { return nil }
            return String(cString: text)
        }

        func blob(_ column: Int, most: Int) throws(Fault) -> [UInt8]? {
            guard !isNull(column) else { return nil }
            let bytes = sqlite3_column_blob(statement, Int32(column))
            let count = Int(sqlite3_column_bytes(statement, Int32(column)))
            guard count <= most else { throw Fault("has more than \(most) bytes", .limit) }
            return Array(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
        }

        /// The value by the type that it has in its row; binary ones are left out.
        func value(_ column: Int) -> PropertyValue {
            switch sqlite3_column_type(statement, Int32(column)) {
            case SQLITE_INTEGER: .integer(Int(integer(column)))
            case SQLITE_FLOAT: .number(sqlite3_column_double(statement, Int32(column)))
            case SQLITE_TEXT: PropertyValue(text(column))
            default: .null
            }
        }
    }
}
