import Foundation
import NIOCore
import Testing

@testable import Connectors

@Suite struct RowFileTests {
    private func withFile(mostBytes: Int64 = 1 << 30, _ body: (RowFile) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/rows-\(UUID().uuidString)"
        let file = try RowFile(path: path, mostBytes: mostBytes)
        defer { file.remove() }
        try body(file)
    }

    private func text(_ file: RowFile) throws -> String {
        try file.finish()
        return try String(contentsOfFile: file.path, encoding: .utf8)
    }

    @Test func rowsAreLinesWhateverSpaceIsInThem() throws {
        try withFile { file in
            try file.write(row: "{\n  \"a\": 1\r\n}".utf8)
            try file.write(row: #"{"b":"\n"}"#.utf8)
            #expect(try text(file) == "{   \"a\": 1  }\n{\"b\":\"\\n\"}\n")
            #expect(file.rows == 2)
        }
    }

    @Test func whatFollowsAMarkCanBeDropped() throws {
        try withFile { file in
            try file.write(row: "{}".utf8)
            let mark = file.mark
            for _ in 0..<100_000 { try file.write(row: #"{"a":"dropped"}"#.utf8) }
            try file.rewind(to: mark)
            try file.write(row: #"{"kept":1}"#.utf8)
            #expect(try text(file) == "{}\n{\"kept\":1}\n")
            #expect(file.rows == 2)
        }
    }

    @Test func itHasALimit() throws {
        try withFile(mostBytes: 1000) { file in
            #expect(throws: SourceError.self) {
                for _ in 0..<1000 { try file.write(bytes: ByteBuffer(string: "12345")) }
            }
        }
    }

    @Test func anExistingFileIsNotOverwritten() throws {
        try withFile { file in #expect(throws: SourceError.self) { try RowFile(path: file.path) } }
    }
}
