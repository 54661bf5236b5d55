import Digest
import Foundation

/// A password as it is stored: scrypt (RFC 7914) with its cost and salt, `$scrypt$ln=15,r=8,p=3$SALT$HASH` in base 64
/// without padding.
package struct PasswordHash: Sendable, CustomStringConvertible {
    /// Time and memory of one hash: 128 x `blockSize` x 2^`logRounds` bytes.
    package struct Cost: Hashable, Sendable {
        let logRounds: Int
        let blockSize: Int
        let parallelism: Int

        /// 32 MiB, as hard to guess as the 128 MiB with p=1 that OWASP's cheat sheet on password storage recommends
        /// first.
        package static let standard = Cost(logRounds: 15, blockSize: 8, parallelism: 3)

        package init(logRounds: Int, blockSize: Int, parallelism: Int) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// Whether the cost of a stored hash is acceptable: at most 1 GiB, so that a damaged row cannot take all
        /// memory.
        fileprivate var isBearable: Bool {
            (1...20).contains(logRounds) && (1...64).contains(blockSize) && (1...64).contains(parallelism)
                && 128 * blockSize << logRounds <= 1 << 30
        }
    }

    package let cost: Cost
    private let salt: [UInt8]
    private let key: [UInt8]

    /// Hashes a password with a new salt, which takes about 0.1 s of one core.
    package init(of password: String, cost: Cost = .standard) throws {
        self.cost = cost
        salt = randomBytes(16)
        key = try Self.derive(password, salt, cost)
    }

    /// A hash at the usual cost that no password matches.
    package static let decoy = PasswordHash(
        cost: .standard, salt: [UInt8](repeating: 0, count: 16), key: [UInt8](repeating: 0, count: 32))

    private init(cost: Cost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Parses the stored form.
    package init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Self.cost(parts[2]),
            let salt = Self.decode(parts[3]), salt.count >= 16, let key = Self.decode(parts[4]), key.count == 32
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Whether this is the hash of `password`. The time taken does not reveal how close a wrong password is.
    package func matches(_ password: String) throws -> Bool {
        areEqual(try Self.derive(password, salt, cost), key)
    }

    package var description: String {
        "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)"
            + "$\(Self.encode(salt))$\(Self.encode(key))"
    }

    /// Derives the key. Keyboards write the same letters in different ways, so the text is normalized first (RFC
    /// 8265).
    private static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost) throws -> [UInt8] {
        try Scrypt.key(
            of: Array(password.precomposedStringWithCanonicalMapping.utf8), salt: salt, rounds: 1 << cost.logRounds,
            blockSize: cost.blockSize, parallelism: cost.parallelism, length: 32)
    }

    private static func cost(_ text: Substring) -> Cost? {
        let values = text.split(separator: ",").map { $0.split(separator: "=", maxSplits: 1) }
        guard values.count == 3, values.allSatisfy({ $0.count == 2 }), values.map({ $0[0] }) == ["ln", "r", "p"],
            let logRounds = Int(values[0][1]), let blockSize = Int(values[1][1]), let parallelism = Int(values[2][1])
        else { return nil }
        let cost = Cost(logRounds: logRounds, blockSize: blockSize, parallelism: parallelism)
        return cost.isBearable ? cost : nil
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func decode(_ text: Substring) -> [UInt8]? {
        Data(base64Encoded: text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)).map { Array($0) }
    }
}
