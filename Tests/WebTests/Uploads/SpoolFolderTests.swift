import Foundation
import HTTPTypes
import Testing

@testable import Web

@Suite struct SpoolFolderTests {
    private static func withParent(_ body: (String) throws -> Void) throws {
        let parent = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: parent) }
        try body(parent)
    }

    private static func names(_ parent: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: parent))
    }

    @Test func whatNobodyHoldsIsRemovedAndWhatSomebodyHoldsStays() throws {
        try Self.withParent { parent in
            let live = try SpoolFolder(in: parent)
            let abandoned = "\(parent)/hextant-spool-abandoned"
            for path in [abandoned, "\(parent)/another"] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
                for name in ["lock", "hextant-upload-1"] {
                    try Data("x".utf8).write(to: URL(filePath: "\(path)/\(name)"))
                }
            }
            let next = try SpoolFolder(in: parent)
            let held = [live, next].map { URL(filePath: $0.path).lastPathComponent }
            #expect(try Self.names(parent) == Set(held + ["another"]))
            live.remove()
            next.remove()
            #expect(try Self.names(parent) == ["another"])
        }
    }

    @Test func aFolderIsForItsUserAlone() throws {
        try Self.withParent { parent in
            let folder = try SpoolFolder(in: parent)
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
            #expect(mode == 0o700)
            folder.remove()
        }
    }

    @Test func aLinkIsNotFollowed() throws {
        try Self.withParent { parent in
            try FileManager.default.createDirectory(atPath: "\(parent)/kept", withIntermediateDirectories: false)
            try Data().write(to: URL(filePath: "\(parent)/kept/lock"))
            try FileManager.default.createSymbolicLink(
                atPath: "\(parent)/hextant-spool-link", withDestinationPath: "\(parent)/kept")
            try SpoolFolder(in: parent).remove()
            #expect(try Self.names(parent) == ["kept", "hextant-spool-link"])
            #expect(FileManager.default.fileExists(atPath: "\(parent)/kept/lock"))
        }
    }

    @Test func withoutAParentThereIsAPlainError() {
        let error = #expect(throws: SpoolFolderError.self) { try SpoolFolder(in: "/nowhere/at/all") }
        #expect(error?.description.contains("TMPDIR") == true)
    }

    /// A full disk, which the kernel can simulate.
    @Test func aFullDiskIs503() throws {
        try Self.withParent { parent in
            let link = "\(parent)/full"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/full")
            let file = try SpoolFile(path: link)
            let problem = #expect(throws: Problem.self) { try file.write(Array("x".utf8)) }
            #expect(problem?.status == .serviceUnavailable)
            #expect(problem?.headers[.retryAfter] == "60")
            #expect(problem?.detail.contains("disk") == true)
        }
    }

    @Test func aFileIsGoneWithItsLastReference() throws {
        try Self.withParent { parent in
            let path = "\(parent)/file"
            var file: SpoolFile? = try SpoolFile(path: path)
            try file?.write(Array("abc".utf8))
            #expect(FileManager.default.contents(atPath: path) == Data("abc".utf8))
            file = nil
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }
}
