import Foundation
import Testing

@testable import Feeds

@Suite struct EventFileTests {
    /// The digests are the examples of FIPS 180-4.
    @Test(arguments: [
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func theDigestIsSHA256(_ text: String, _ times: Int, _ digest: String) async throws {
        try await withFile(Array(String(repeating: text, count: times).utf8)) { file in
            let found = try await file.sha256()
            #expect(found == digest)
            #expect(file.byteCount == Int64(text.utf8.count * times))
        }
    }

    @Test(arguments: ["/no/such/file.csv", NSTemporaryDirectory()])
    func whatIsNoPlainFileIsRefused(_ path: String) {
        let error = #expect(throws: FeedError.self) { try EventFile(path: path) }
        #expect(error?.code == .file)
        #expect(error?.file == path)
    }
}
