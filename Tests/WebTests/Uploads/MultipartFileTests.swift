import NIOCore
import Testing

@testable import Web

@Suite struct MultipartFileTests {
    private static let contentType = "multipart/form-data; boundary=x-y"

    /// A part with these headers and this content, without the line end that belongs to the next boundary.
    private static func part(_ headers: String..., content: String) -> String {
        "--x-y\r\n" + headers.map { "\($0)\r\n" }.joined() + "\r\n" + content + "\r\n"
    }

    /// The file in a body that arrives in blocks of this many bytes.
    private static func file(in body: String, type: String = Self.contentType, blocks: Int = .max) throws -> String {
        var multipart = try #require(try MultipartFile(contentType: type))
        var file: [UInt8] = []
        var rest = Array(body.utf8)[...]
        while !rest.isEmpty {
            file += try multipart.take(ByteBuffer(bytes: rest.prefix(blocks)))
            rest = rest.dropFirst(blocks)
        }
        try multipart.finish()
        return String(decoding: file, as: UTF8.self)
    }

    private static let filePart = part(
        #"Content-Disposition: form-data; name="file"; filename="a.csv""#, "Content-Type: text/csv",
        content: "a,b\r\n1,2")

    @Test(arguments: [1, 2, 7, Int.max])
    func theFileIsFoundWhateverTheBlocks(blocks: Int) throws {
        let body =
            "preamble\r\n" + Self.part(#"Content-Disposition: form-data; name="note""#, content: "no file")
            + Self.filePart + "--x-y--\r\nepilogue"
        #expect(try Self.file(in: body, blocks: blocks) == "a,b\r\n1,2")
    }

    /// A body as in the examples of RFC 7578 and the RFC before it: a field, then a file with a type.
    private static let usual = """
        --AaB03x\r
        Content-Disposition: form-data; name="submit-name"\r
        \r
        Larry\r
        --AaB03x\r
        content-disposition: form-data; name="files"; filename="file1.txt"\r
        Content-Type: text/plain\r
        \r
        a,b\r
        1,2\r
        \r
        --AaB03x\r
        Content-Disposition: form-data; name="later"\r
        \r
        filename="none"\r
        --AaB03x--\r

        """

    @Test(arguments: 1...80)
    func theFileIsFoundHoweverItsBodyIsCut(blocks: Int) throws {
        let type = "multipart/form-data; boundary=AaB03x"
        #expect(try Self.file(in: Self.usual, type: type, blocks: blocks) == "a,b\r\n1,2\r\n")
    }

    @Test func aFileMayBeEmpty() throws {
        let body = Self.part("Content-Disposition: form-data; filename=a", content: "") + "--x-y--"
        #expect(try Self.file(in: body) == "")
    }

    @Test func aBoundaryMayHave70Characters() throws {
        let boundary = String(repeating: "x", count: 70)
        let body = "--\(boundary)\r\nContent-Disposition: form-data; filename=a\r\n\r\n1\r\n--\(boundary)--"
        #expect(try Self.file(in: body, type: "multipart/form-data; boundary=\(boundary)") == "1")
    }

    @Test(arguments: [
        #"Content-Disposition: form-data; name="qqfilename""#,
        #"content-disposition: form-data; name="filename=x.csv""#,
        #"Content-Disposition: form-data; name="a; filename=b""#, "Content-Disposition: form-data; name=filename",
        #"Content-Disposition: form-data; name="a\"; filename=b""#, "Content-Disposition: form-data; xfilename=b",
        #"X-Note: content-disposition: form-data; filename="a.csv""#,
        // A browser sends an empty name for a file that was not chosen.
        #"Content-Disposition: form-data; name="other"; filename="""#,
    ])
    func aFieldIsAFieldWhateverItsName(header: String) throws {
        let field = Self.part(header, content: "up.csv")
        #expect(try Self.file(in: field + Self.filePart + "--x-y--") == "a,b\r\n1,2")
        #expect(try Self.file(in: Self.filePart + field + "--x-y--") == "a,b\r\n1,2")
        #expect(throws: Problem.self) { try Self.file(in: field + "--x-y--") }
    }

    @Test(arguments: [
        #"CONTENT-DISPOSITION:form-data;name=file;FileName=a.csv"#,
        "Content-Disposition: form-data; name=\"file\";\r\n\tfilename=\"a.csv\"",
        #"Content-Disposition: form-data; name="file"; filename="a \"b\"; c.csv""#,
        "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%c3%a9.csv",
        #"Content-Disposition: attachment; filename=a.csv"#,
    ])
    func aFileIsKnownByItsParameter(header: String) throws {
        #expect(try Self.file(in: Self.part(header, content: "1") + "--x-y--") == "1")
    }

    @Test(arguments: [1, Int.max])
    func aLineThatBeginsLikeABoundaryIsContent(blocks: Int) throws {
        let content = "a\r\n--x-yz\r\n--x-y-\r\n--x-y b\r\n--x\r\n"
        let body = Self.part("Content-Disposition: form-data; filename=a", content: content) + "--x-y--"
        #expect(try Self.file(in: body, blocks: blocks) == content)
        // Blanks between a boundary and its line end belong to neither.
        let padded = body.replacing("--x-y\r\n", with: "--x-y \t\r\n")
        #expect(try Self.file(in: padded, blocks: blocks) == content)
    }

    @Test func theBoundaryIsReadAsTheHeaderHasIt() throws {
        let body = "--a;b\r\nContent-Disposition: form-data; filename=a\r\n\r\n1\r\n--a;b--"
        #expect(try Self.file(in: body, type: #"multipart/form-data; charset=utf-8; Boundary="a;b""#) == "1")
        for type in ["text/csv", "", nil] {
            let isForm = try MultipartFile(contentType: type) != nil
            #expect(!isForm)
        }
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a",
        "multipart/form-data; boundary=a; boundary=b",
        "Multipart/Form-Data; boundary=\(String(repeating: "a", count: 71))",
        "multipart/mixed; boundary=a",
    ])
    func aTypeThatNamesNoFormIsRefused(type: String) {
        #expect(throws: Problem.self) { try MultipartFile(contentType: type) }
    }

    @Test(arguments: [
        "", "--x-y\r\n", "--x-y\r\n\r\n", filePart, filePart + "--x-y", "--x-y--", filePart + filePart + "--x-y--",
        part("Content-Disposition: form-data; filename=\"a", content: "1") + "--x-y--",
        part("no header", content: "1") + "--x-y--",
        part("Content-Disposition: form-data; filename=a", "Content-Transfer-Encoding: base64", content: "YQ==")
            + "--x-y--",
    ])
    func whatIsNotOneWholeFileIsRefused(body: String) {
        #expect(throws: Problem.self) { try Self.file(in: body) }
    }

    private static let endsEarly = "The multipart body ends before its last boundary."

    @Test(
        arguments: [
            ("no boundary at all", endsEarly), (filePart + "--x-y-", endsEarly),
            ("--x-y--", "The multipart body has no part with a file name."),
            (filePart + filePart + "--x-y--", "The multipart body has more than one file: send one."),
            (
                "--x-y\r\nX: \(String(repeating: "x", count: 17_000))",
                "A part of the multipart body has headers of more than 16 KiB."
            ),
        ] as [(String, String)])
    func theFaultIsNamedWhateverTheBlocks(body: String, detail: String) {
        for blocks in [1, 1000, .max] {
            #expect(throws: Problem.badRequest(detail)) { try Self.file(in: body, blocks: blocks) }
        }
    }
}
