import NIOCore
import Testing

@testable import Web

struct MultipartFileTests {
    private static let type = "multipart/form-data; boundary=AaB03x"

    /// The file of a body that arrives in blocks of some bytes.
    private static func file(_ body: String, piece: Int = .max, type: String = type) throws -> String {
        var multipart = try #require(try MultipartFile(contentType: type))
        var rest = ByteBuffer(string: body)
        var file: [UInt8] = []
        while let block = rest.readSlice(length: min(piece, rest.readableBytes)), block.readableBytes > 0 {
            file += try multipart.take(block)
        }
        try multipart.finish()
        return String(decoding: file, as: UTF8.self)
    }

    private static func part(_ disposition: String, _ content: String, boundary: String = "AaB03x") -> String {
        "--\(boundary)\r\nContent-Disposition: form-data; \(disposition)\r\n\r\n\(content)\r\n"
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
    func theFileIsFoundHoweverItsBodyIsCut(piece: Int) throws {
        #expect(try Self.file(Self.usual, piece: piece) == "a,b\r\n1,2\r\n")
    }

    /// Only a line that begins with the whole boundary ends the file.
    @Test(arguments: [1, 2, 3, 7, 1000])
    func whatLooksLikeABoundaryIsContent(piece: Int) throws {
        let content = "x--AaB03x\r\n\r--AaB03x\r\n--AaB03\r\n\r\n-\n--AaB03x--"
        let body = Self.part(#"filename="f""#, content) + "--AaB03x--"
        #expect(try Self.file(body, piece: piece) == content)
    }

    @Test func whatStandsBeforeTheFirstAndAfterTheLastBoundaryIsIgnored() throws {
        let body = "a preamble\r\n" + Self.part(#"filename="f""#, "x") + "--AaB03x--\r\nan epilogue\r\n--AaB03x\r\n"
        for piece in [1, 1000] { #expect(try Self.file(body, piece: piece) == "x") }
    }

    @Test func aFileMayBeEmpty() throws {
        #expect(try Self.file(Self.part(#"filename="f""#, "") + "--AaB03x--") == "")
    }

    @Test(arguments: [
        #"name="a"; filename="f.csv""#, "filename=f.csv", #"FileName="f.csv"; name="a""#, #"filename="""#,
        "filename*=UTF-8''caf%C3%A9.csv", #"name="a\";"; filename="f""#,
    ])
    func aPartWithAFileNameIsTheFile(disposition: String) throws {
        #expect(try Self.file(Self.part(disposition, "x") + "--AaB03x--") == "x")
    }

    @Test(arguments: [
        #"name="filename""#, #"name="filename=f.csv""#, #"name="a; filename=b""#, #"name="a\"; filename=b""#,
        "name=filename", "name=a; xfilename=b",
    ])
    func aFieldIsNoFileWhateverItsName(disposition: String) throws {
        let body = Self.part(disposition, "a field") + Self.part(#"filename="f""#, "x") + "--AaB03x--"
        #expect(try Self.file(body) == "x")
    }

    @Test func anotherHeaderMakesNoFile() throws {
        let field =
            "--AaB03x\r\nX-Note: filename=\"f\"\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\na field\r\n"
        #expect(try Self.file(field + Self.part(#"filename="f""#, "x") + "--AaB03x--") == "x")
    }

    @Test(arguments: [
        "multipart/form-data; boundary=\"a b\"", "Multipart/Form-Data;Boundary=\"a b\"",
        "multipart/form-data; charset=utf-8 ; boundary=\"a b\"",
    ])
    func theBoundaryMayBeQuotedAndNamesMayHaveAnyCase(type: String) throws {
        let body = Self.part(#"filename="f""#, "x", boundary: "a b") + "--a b--"
        #expect(try Self.file(body, type: type) == "x")
    }

    @Test(arguments: [nil, "", "text/csv", "multipart/mixed; boundary=x", "multipart/form-dataset; boundary=x"])
    func anotherTypeIsNoMultipartBody(type: String?) throws {
        #expect(try MultipartFile(contentType: type) == nil)
    }

    private static let boundaryNeeded = "The Content-Type multipart/form-data needs a boundary of 1 to 70 characters."

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\(String(repeating: "x", count: 71))",
    ])
    func aTypeWithoutAUsableBoundaryIs400(type: String) {
        #expect(throws: Problem.badRequest(Self.boundaryNeeded)) { try MultipartFile(contentType: type) }
    }

    @Test func aBoundaryMayHave70Characters() throws {
        let boundary = String(repeating: "x", count: 70)
        let body = Self.part(#"filename="f""#, "x", boundary: boundary) + "--\(boundary)--"
        #expect(try Self.file(body, type: "multipart/form-data; boundary=\(boundary)") == "x")
    }

    private static let endsEarly = "The multipart body ends before its last boundary."

    @Test(
        arguments: [
            ("", endsEarly), ("--AaB03x", endsEarly), ("--AaB03x\r\n", endsEarly), ("no boundary at all", endsEarly),
            (part(#"filename="f""#, "x"), endsEarly), (part(#"filename="f""#, "x") + "--AaB03x-", endsEarly),
            ("--AaB03x--", "The multipart body has no part with a file name."),
            (part(#"name="a""#, "x") + "--AaB03x--", "The multipart body has no part with a file name."),
            (
                part(#"filename="f""#, "x") + part(#"filename="g""#, "y") + "--AaB03x--",
                "The multipart body has more than one file: send one."
            ),
            (
                "--AaB03x\r\nX: \(String(repeating: "x", count: 17_000))",
                "A part of the multipart body has headers of more than 16 KiB."
            ),
        ] as [(String, String)])
    func aBodyWithoutExactlyOneWholeFileIs400(body: String, detail: String) {
        for piece in [1, 1000, .max] {
            #expect(throws: Problem.badRequest(detail)) { try Self.file(body, piece: piece) }
        }
    }
}
