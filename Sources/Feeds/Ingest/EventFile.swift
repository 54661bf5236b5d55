import Digest
import Foundation

/// A file of events on disk.
package struct EventFile: Sendable {
    /// The name for messages, mostly the path.
    package let path: String
    /// The size of the file when it was first opened.
    package let byteCount: Int64
    /// How many bytes the file may decompress to; nil for no limit besides the one on the ratio.
    let mostUnpacked: Int?
    /// The name of the file to read in a zip archive, which may have `*` and `?`; nil for all that fit.
    private(set) var member: String?
    /// The name of the sheet to read in an Excel workbook; nil for the first.
    private(set) var sheet: String?
    /// The name of the layer to read in a GeoPackage; nil for the only one.
    private(set) var layer: String?
    /// The path by which the file is opened.
    let location: String

    /// - Parameters:
    ///   - path: The path of the file.
    ///   - name: The name for messages, if it is not the path.
    ///   - mostUnpacked: How many bytes the file may decompress to, if a client sent it.
    ///   - member: The name of the file to read in a zip archive; nil for all that fit.
    ///   - sheet: The name of the sheet to read in an Excel workbook; nil for the first.
    ///   - layer: The name of the layer to read in a GeoPackage; nil for the only one.
    /// - Throws: `FeedError` when the file does not exist or is not a regular file.
    package init(
        path: String, name: String? = nil, mostUnpacked: Int? = nil, member: String? = nil, sheet: String? = nil,
        layer: String? = nil
    ) throws(FeedError) {
        self.path = name ?? path
        self.mostUnpacked = mostUnpacked
        self.member = member
        self.sheet = sheet
        self.layer = layer
        location = path
        var found = stat()
        guard stat(path, &found) == 0 else {
            throw FeedError(.file, file: self.path, "file not found, or no permission to read it")
        }
        guard found.st_mode & S_IFMT == S_IFREG else {
            throw FeedError(.file, file: self.path, "is not a regular file")
        }
        byteCount = Int64(found.st_size)
    }

    /// The file with the choices of a mapping from an archive, workbook or GeoPackage, unless they are made already.
    package func choosing(by layout: FileLayout) -> EventFile {
        var file = self
        file.member = member ?? layout.member
        file.sheet = sheet ?? layout.sheet
        file.layer = layer ?? layout.layer
        return file
    }

    /// The format of a workbook or GeoPackage; nil for a file of text.
    /// - Throws: `FeedError` when the file cannot be read, or is of a kind that is not known.
    package func container() throws(FeedError) -> Dialect.Format? {
        switch try EventText.container(of: self) {
        case .workbook: .xlsx
        case .package: .gpkg
        case nil: nil
        }
    }

    /// The SHA-256 of the content as 64 lower-case hexadecimal digits. Reads the whole file on a decoding thread.
    ///
    /// The same file with another choice of its members, sheets or layers has another digest, since their rows have
    /// the same numbers.
    package func sha256() async throws -> String {
        let work = Task(executorPreference: DecodingThreads.shared) {
            let bytes = try FileBytes(self)
            let hash = SHA256()
            while let piece = try bytes.next() {
                try Task.checkCancellation()
                piece.withUnsafeBytes { hash.update($0) }
            }
            for (kind, choice) in [("member", member), ("sheet", sheet), ("layer", layer)] {
                if let choice { Array("\u{0}\(kind) \(choice)".utf8).withUnsafeBytes { hash.update($0) } }
            }
            return hexadecimal(hash.finalize())
        }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }
}
