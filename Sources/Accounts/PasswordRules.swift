/// Which names and passwords an account may have.
package enum PasswordRules {
    /// The shortest password, in characters. Length makes a password hard to guess (NIST SP 800-63B, section 5.1.1).
    package static let shortest = 12
    /// The longest password, in bytes. Nobody types more, so longer ones are not read.
    package static let longest = 1024

    /// - Returns: What is wrong with the password, as a sentence; `nil` when nothing is.
    package static func fault(_ password: String, ofUser name: String) -> String? {
        if password.count < shortest { return "the password must have at least \(shortest) characters" }
        if password.utf8.count > longest { return "the password must have at most \(longest) bytes" }
        if Set(password).count < 4 { return "the password must have at least 4 different characters" }
        if password.lowercased().contains(name.lowercased()), name.count >= 4 {
            return "the password must not contain the user's name"
        }
        return nil
    }

    /// Whether this is a valid name of a user or API key: 1 to 63 of a-z, 0-9 and `._@-`, beginning with a letter or
    /// digit.
    package static func isName(_ name: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) }
        guard (1...63).contains(name.utf8.count), let first = name.utf8.first, isPlain(first) else { return false }
        return name.utf8.allSatisfy { isPlain($0) || "._@-".utf8.contains($0) }
    }
}
