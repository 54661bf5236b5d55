import Accounts
import Testing

@Suite struct PasswordHashTests {
    private static let quick = PasswordHash.Cost(logRounds: 4, blockSize: 8, parallelism: 1)

    /// The hash of "correct horse battery ä" by Python's `hashlib.scrypt`, with the salt 0, 1, ... 15.
    @Test(arguments: [
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$6HHQnk6OFmiA9b60vWW/olxM3GscPHrVddF3P+hE0Nc",
        "$scrypt$ln=12,r=4,p=3$AAECAwQFBgcICQoLDA0ODw$3tpYzcCS2zJEBPwjGaCPctJuOnhBthIx4cCjFhSGDNg",
    ])
    func hashesOfAnotherProgramAreRead(_ text: String) throws {
        let hash = try #require(PasswordHash(text))
        #expect(hash.description == text)
        #expect(try hash.matches("correct horse battery \u{e4}"))
        // The same letter in another Unicode form, as another keyboard may send it.
        #expect(try hash.matches("correct horse battery a\u{308}"))
        #expect(try !hash.matches("correct horse battery a"))
        #expect(try !hash.matches(""))
    }

    @Test func aHashIsReadBackAndItsSaltIsNew() throws {
        let one = try PasswordHash(of: "a long password", cost: Self.quick)
        let other = try PasswordHash(of: "a long password", cost: Self.quick)
        #expect(one.description != other.description)
        #expect(try #require(PasswordHash(one.description)).matches("a long password"))
        #expect(try !#require(PasswordHash(other.description)).matches("a long passwore"))
    }

    /// OWASP's cheat sheet on password storage lists N=2^15, r=8, p=3 as one of its equivalent minimums.
    @Test func theUsualCostIsNotLow() {
        #expect(PasswordHash.decoy.cost == PasswordHash.Cost(logRounds: 15, blockSize: 8, parallelism: 3))
        #expect(PasswordHash.decoy.cost == .standard)
    }

    @Test(arguments: [
        "", "secret", "$scrypt$",
        "$argon2$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$6HHQnk6OFmiA9b60vWW/olxM3GscPHrVddF3P+hE0Nc",
        "$scrypt$ln=10,r=8$AAECAwQFBgcICQoLDA0ODw$6HHQnk6OFmiA9b60vWW/olxM3GscPHrVddF3P+hE0Nc",
        "$scrypt$ln=30,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$6HHQnk6OFmiA9b60vWW/olxM3GscPHrVddF3P+hE0Nc",
        "$scrypt$ln=20,r=64,p=1$AAECAwQFBgcICQoLDA0ODw$6HHQnk6OFmiA9b60vWW/olxM3GscPHrVddF3P+hE0Nc",
        "$scrypt$ln=-1,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$6HHQnk6OFmiA9b60vWW/olxM3GscPHrVddF3P+hE0Nc",
        "$scrypt$ln=10,r=8,p=1$AAECAw$6HHQnk6OFmiA9b60vWW/olxM3GscPHrVddF3P+hE0Nc",
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$6HHQ",
    ])
    func whatIsNoBearableHashIsRefused(_ text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test(arguments: [
        ("short", "at least"), ("aaaaaaaaaaaaaaa", "different"), ("my-adalove-2026", "name"),
        (String(repeating: "abcd", count: 300), "at most"),
    ])
    func weakPasswordsAreRefusedInWords(_ password: String, word: String) {
        #expect(PasswordRules.fault(password, ofUser: "adalove")?.contains(word) == true)
    }

    @Test func aLongPasswordIsTaken() {
        #expect(PasswordRules.fault("correct horse battery", ofUser: "ada") == nil)
    }

    @Test(arguments: ["ada", "a", "ada.l@example.org", "0-9_x", String(repeating: "a", count: 63)])
    func namesAreTaken(_ name: String) { #expect(PasswordRules.isName(name)) }

    @Test(arguments: ["", "Ada", ".ada", "ada l", "ada\n", "ädä", "a:b", String(repeating: "a", count: 64)])
    func whatIsNoNameIsRefused(_ name: String) { #expect(!PasswordRules.isName(name)) }
}
