import Zip

/// Finds the files of events in a zip archive.
struct ZipArchive {
    typealias Member = ZipEntry

    private let bytes: FileBytes
    private let file: EventFile

    init(_ file: EventFile, bytes: FileBytes) {
        self.file = file
        self.bytes = bytes
    }

    /// The files in the archive that may have events, in the order of the archive.
    ///
    /// Folders, hidden files, what macOS adds, and files that explain the others do not count.
    ///
    /// - Parameter pattern: The name of the files that are wanted, with or without its folder; `*` and `?` stand for
    ///   other characters. nil for all.
    /// - Returns: The files, and what is to be said of others.
    /// - Throws: `FeedError` that names what the archive has instead, or a file that is encrypted.
    func eventFiles(_ pattern: String?) throws(FeedError) -> (files: [Member], findings: [String]) {
        let all = try members()
        if let name = FileKind.named(members: all.map(\.name)) { throw FeedError(.encoding, file: file.path, name) }
        let files = all.filter { !$0.name.hasSuffix("/") && !$0.name.hasPrefix("__MACOSX/") && !$0.isHidden }
        guard !files.isEmpty else { throw error("the zip archive contains no file") }
        let wanted = try pattern.map { pattern throws(FeedError) in
            let found = files.filter { Glob.matches(pattern, $0.name) || Glob.matches(pattern, $0.baseName) }
            guard !found.isEmpty else {
                throw error("the zip archive contains no file \"\(pattern)\"; it contains \(Self.list(files))")
            }
            return found
        }
        let found = wanted ?? files.filter { !$0.isExplanation && FileKind.named(ending: $0.name) == nil }
        let kinds = files.compactMap { member in
            FileKind.named(ending: member.name).map { "\(member.name) is \($0)" }
        }
        guard !found.isEmpty else {
            throw error(
                "the zip archive contains no file that can be read: "
                    + (kinds.isEmpty ? Self.list(files) : kinds.prefix(5).joined(separator: ", "))
                    + "; unpack it: unzip")
        }
        for member in found {
            guard !member.isEncrypted else {
                throw error("\(member.name) in the zip archive is encrypted; unpack it first: unzip")
            }
            if let kind = FileKind.named(ending: member.name) {
                throw error("\(member.name) in the zip archive is \(kind); unpack it first: unzip")
            }
        }
        let isChosen = pattern != nil || kinds.isEmpty
        return (found, isChosen ? [] : ["Not read of the zip archive: \(kinds.prefix(5).joined(separator: ", "))."])
    }

    private static func list(_ members: [Member]) -> String {
        members.prefix(5).map(\.name).joined(separator: ", ") + (members.count > 5 ? " and others" : "")
    }

    /// The bytes of a file in the archive.
    func open(_ member: Member) throws(FeedError) -> any ByteStream {
        bytes.restrict(to: try directory.bytes(of: member))
        switch member.method {
        case 0: return CheckedBytes(bytes, member, path: file.path)
        case 8:
            return CheckedBytes(try InflatedBytes(bytes, .zipMember, of: file), member, path: file.path)
        default:
            throw error(
                "\(member.name) is compressed with method \(member.method) instead of deflate; unpack it first: unzip")
        }
    }

    func members() throws(FeedError) -> [Member] { try directory.entries() }

    private var directory: ZipDirectory<FeedError> {
        ZipDirectory(byteCount: UInt64(file.byteCount)) { [bytes] offset, count throws(FeedError) in
            try bytes.read(at: offset, count: count)
        } failure: { [file] fault in
            FeedError(.encoding, file: file.path, fault.description)
        }
    }

    private func error(_ problem: String) -> FeedError { FeedError(.encoding, file: file.path, problem) }
}

extension ZipEntry {
    /// The name without its folder.
    var baseName: String { name.split(separator: "/").last.map(String.init) ?? name }

    var isHidden: Bool { baseName.hasPrefix(".") }

    /// Whether the file explains the others, by its name.
    var isExplanation: Bool {
        let name = baseName.lowercased()
        let endings = [
            ".md", ".html", ".htm", ".doc", ".docx", ".rtf", ".png", ".jpg", ".jpeg", ".xml", ".xsd", ".prj",
            ".cpg",
            ".qpj", ".qml", ".sld", ".url", ".sha256", ".md5",
        ]
        let beginnings = [
            "readme", "read_me", "read me", "read-me", "license", "licence", "copying", "copyright", "citation",
            "disclaimer", "terms", "lisezmoi", "liesmich", "leeme", "leiame",
        ]
        let tables = [".csv", ".tsv", ".tab", ".json", ".geojson", ".ndjson", ".jsonl"]
        if tables.contains(where: { name.hasSuffix($0) }) { return false }
        return endings.contains { name.hasSuffix($0) } || beginnings.contains { name.hasPrefix($0) }
    }
}
