import Caching
import Compression
import Foundation
package import NIOCore

/// The files of a folder, read once at start.
///
/// A request can reach nothing else: its path is a key of a dictionary and never a path of the file system.
package struct StaticFiles: Sendable {
    /// The largest total size in bytes. A folder with more is not a map page.
    private static let largestTotal = 64 << 20

    private let files: [String: StaticFile]

    /// Reads every regular file below `root` whose path has no segment that begins with a dot. Links are skipped.
    /// - Throws: ``StaticFilesError``.
    package init(root: String) throws(StaticFilesError) {
        let base = URL(fileURLWithPath: root, isDirectory: true).resolvingSymlinksInPath().path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: base, isDirectory: &isFolder), isFolder.boolValue,
            let names = FileManager.default.enumerator(atPath: base)
        else {
            throw StaticFilesError(description: "the folder of static files cannot be read: \(root)")
        }
        var files: [String: StaticFile] = [:]
        var total = 0
        while let name = names.nextObject() as? String {
            let attributes = names.fileAttributes ?? [:]
            let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
            guard !isHidden, attributes[.type] as? FileAttributeType == .typeRegular else { continue }
            guard let data = FileManager.default.contents(atPath: "\(base)/\(name)") else {
                throw StaticFilesError(description: "a static file cannot be read: \(base)/\(name)")
            }
            total += data.count
            guard total <= Self.largestTotal else {
                throw StaticFilesError(description: "the folder of static files has more than 64 MB: \(root)")
            }
            let modified = attributes[.modificationDate] as? Date ?? Date(timeIntervalSince1970: 0)
            files[Self.path(ofFile: "/\(name)")] = Self.file(name, Array(data), modified)
        }
        self.files = files
    }

    /// The file at a decoded path, which does not end in `index.html` or `.html`.
    package subscript(path: String) -> StaticFile? { files[path] }

    /// The path of the file that a canonical path names; `nil` when there is none.
    package func canonicalPath(of path: String) -> String? {
        guard let name = PercentEncoding.decode(path, plusIsSpace: false) else { return nil }
        let shorter = Self.path(ofFile: name)
        guard files[shorter] != nil else { return nil }
        return shorter == name ? path : PathSpelling.canonical(shorter)
    }

    /// - Parameter name: The name with a slash at its start.
    private static func path(ofFile name: String) -> String {
        if name.hasSuffix("/index.html") {
            let folder = name.dropLast("/index.html".count)
            return folder.isEmpty ? "/" : String(folder)
        }
        return name.hasSuffix(".html") ? String(name.dropLast(".html".count)) : name
    }

    private static func file(_ name: String, _ bytes: [UInt8], _ modified: Date) -> StaticFile {
        let gzip = Gzip.compress(bytes)
        return StaticFile(
            plain: ByteBuffer(bytes: bytes), gzip: gzip.readableBytes < bytes.count ? gzip : nil,
            mediaType: MediaType.ofFile(named: name), tag: ContentTag.of(bytes),
            lastModified: HTTPDate.text(seconds: Int64(modified.timeIntervalSince1970.rounded(.down))))
    }
}

/// Why a folder cannot be served, as a sentence for the operator.
package struct StaticFilesError: Error, Equatable, CustomStringConvertible {
    package let description: String
}

/// A file of the map page, ready to be sent.
package struct StaticFile: Sendable {
    package let plain: ByteBuffer
    /// The compressed file; `nil` when gzip would not make it smaller.
    package let gzip: ByteBuffer?
    package let mediaType: String
    /// A strong validator, without quotes and without the suffix for an encoding.
    package let tag: String
    package let lastModified: String
}

/// The media types of the files of the map page.
enum MediaType {
    private static let table = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "json": "application/json", "geojson": "application/geo+json", "map": "application/json",
        "webmanifest": "application/manifest+json", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg",
        "jpeg": "image/jpeg", "webp": "image/webp", "ico": "image/x-icon", "woff2": "font/woff2",
        "woff": "font/woff", "ttf": "font/ttf", "txt": "text/plain; charset=utf-8", "xml": "application/xml",
        "pbf": "application/x-protobuf", "wasm": "application/wasm",
    ]

    /// The type by the extension of the name, in any case; `application/octet-stream` for unknown ones.
    static func ofFile(named name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
        return table[name[name.index(after: dot)...].lowercased()] ?? "application/octet-stream"
    }
}
