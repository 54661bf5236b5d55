import NIOCore
import Testing

@testable import Caching

@Suite struct ContentTagTests {
    /// The first of `vectors_sip128` in the reference implementation: empty input with the key 00 01 ... 0f.
    @Test func theReferenceVectorIsMet() {
        let (first, second) = [UInt8]().withUnsafeBytes {
            SipHash128.hash($0, key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
        }
        #expect((first, second) == (0xe6a8_25ba_047f_81a3, 0x9302_55c7_1472_f66d))
    }

    /// Tags from OpenSSL 3: `printf TEXT | openssl mac -macopt hexkey:KEY -macopt size:16 -in /dev/stdin SIPHASH` with
    /// a key of 32 zeros.
    @Test(arguments: [
        ("", "5049d74780a3e07d4202ab47d4cef2f4"),
        ("a", "ffcc4e749c37a0bee6c404890ecd7325"),
        ("01234567", "26afc119ec910850b712c2eae166e39a"),
        ("hextant tiles", "febf2e50815525815560ebade8109ae7"),
    ])
    func theTagIsSipHashUnderTheZeroKey(text: String, tag: String) {
        #expect(ContentTag.of(Array(text.utf8)) == tag)
        #expect(ContentTag.of(ByteBuffer(string: text)) == tag)
    }
}
