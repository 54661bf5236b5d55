import Testing

@testable import Digest

@Suite struct DigestTests {
    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.filter { !$0.isWhitespace })
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
    }

    /// FIPS 180-2, appendices B.1 and B.2, and the digest of nothing.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func sha256(_ text: String, _ digest: String) {
        #expect(SHA256.hash(text) == Self.bytes(digest))
        let inPieces = SHA256()
        for byte in text.utf8 { withUnsafeBytes(of: byte) { inPieces.update($0) } }
        #expect(inPieces.finalize() == Self.bytes(digest))
    }

    /// RFC 4231, test cases 1 and 2.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
    ])
    func hmac(_ key: [UInt8], _ message: String, _ code: String) {
        let message = Array(message.utf8)
        #expect(HMAC.code(of: message, key: key) == Self.bytes(code))
        #expect(HMAC.isValid(Self.bytes(code), of: message, key: key))
        for place in 0..<32 {
            var wrong = Self.bytes(code)
            wrong[place] ^= 1
            #expect(!HMAC.isValid(wrong, of: message, key: key))
        }
        #expect(!HMAC.isValid(Array(Self.bytes(code).dropLast()), of: message, key: key))
    }

    /// RFC 7914, section 12.
    @Test(arguments: [
        (
            "", "", 16, 1, 1,
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ),
        (
            "password", "NaCl", 1024, 8, 16,
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
    ])
    func scrypt(_ password: String, _ salt: String, _ rounds: Int, _ block: Int, _ parallel: Int, _ key: String) throws
    {
        let made = try Scrypt.key(
            of: Array(password.utf8), salt: Array(salt.utf8), rounds: rounds, blockSize: block, parallelism: parallel,
            length: 64)
        #expect(made == Self.bytes(key))
    }

    @Test func scryptRefusesWhatIsNoCost() {
        #expect(throws: Scrypt.Failure.self) {
            try Scrypt.key(of: [1], salt: [2], rounds: 1000, blockSize: 8, parallelism: 1, length: 32)
        }
    }
}
