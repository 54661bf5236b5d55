/// Faults of zip archives.
package enum ZipFault: Error, Hashable, CustomStringConvertible {
    case isCutShort
    case isDamaged
    /// It has more files than are read of one.
    case hasTooManyFiles(most: Int)

    /// A sentence without its subject, the archive.
    package var description: String {
        switch self {
        case .isCutShort: "is a zip archive that is cut short; download it again"
        case .isDamaged: "is a damaged zip archive; download or pack it again"
        case .hasTooManyFiles(let most): "has more than \(most) files; unpack it first"
        }
    }
}
