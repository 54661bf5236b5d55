extension RedisConfiguration {
    /// Parses `redis://[[user]:password@]host[:port][/database]`.
    ///
    /// The user name and password are percent-decoded. An IPv6 address is written in brackets.
    ///
    /// - Throws: ``RedisError`` `invalidURL` naming the part at fault without quoting the URL, which may contain a
    ///   password.
    package init(url: String) throws(RedisError) {
        guard let schemeEnd = url.firstRange(of: "://") else {
            throw Self.invalid("it must begin with redis://")
        }
        switch url[..<schemeEnd.lowerBound].lowercased() {
        case "redis": break
        case "rediss":
            throw Self.invalid("rediss:// (TLS) is not supported; use redis:// in a private network or a tunnel")
        default: throw Self.invalid("the scheme must be redis://")
        }
        let rest = url[schemeEnd.upperBound...]
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw Self.invalid("queries and fragments are not supported (write ? and # in a password as %3F and %23)")
        }
        // A password may contain an @ or a slash that was not encoded, so it ends at the last @.
        let at = rest.lastIndex(of: "@")
        let location = at.map { rest[rest.index(after: $0)...] } ?? rest
        let slash = location.firstIndex(of: "/") ?? location.endIndex
        let (host, port) = try Self.hostAndPort(location[..<slash])
        let credentials = try at.map { (at) throws(RedisError) in try Self.credentials(rest[..<at]) }
        try self.init(
            host: host, port: port, credentials: credentials,
            database: Self.database(location[slash...].dropFirst()))
    }

    private static func hostAndPort(_ text: Substring) throws(RedisError) -> (host: String, port: Int) {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { throw invalid("a [ without a ] in the host") }
            host = text[text.index(after: text.startIndex)..<bracket]
            let rest = text[text.index(after: bracket)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw invalid("the host has text after its ]") }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { throw invalid("the host is missing") }
        guard let port else { return (String(host), 6379) }
        guard let number = decimal(port), (1...65535).contains(number) else {
            throw invalid("the port must be a number from 1 to 65535")
        }
        return (String(host), number)
    }

    private static func credentials(_ text: Substring) throws(RedisError) -> RedisCredentials {
        guard let colon = text.firstIndex(of: ":") else {
            throw invalid("it has a user without a password; write redis://:PASSWORD@HOST for a password alone")
        }
        guard let user = percentDecoded(text[..<colon]),
            let password = percentDecoded(text[text.index(after: colon)...])
        else { throw invalid("the user or password has a % that is not followed by two hexadecimal digits") }
        guard !password.isEmpty else { throw invalid("the password is empty") }
        return RedisCredentials(user: user.isEmpty ? nil : user, password: password)
    }

    private static func database(_ text: Substring) throws(RedisError) -> Int {
        if text.isEmpty { return 0 }
        guard let number = decimal(text) else { throw invalid("the database must be a number") }
        return number
    }

    /// Parses up to nine digits and nothing else.
    private static func decimal(_ text: Substring) -> Int? {
        guard text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }

    private static func invalid(_ reason: String) -> RedisError {
        RedisError(.invalidURL, "the Redis URL is malformed: \(reason)")
    }
}
