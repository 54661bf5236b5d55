import Redis
import Testing

@Suite struct ConfigurationTests {
    struct Expected: Sendable {
        var url: String
        var host: String
        var port = 6379
        var credentials: RedisCredentials?
        var database = 0
    }

    @Test(arguments: [
        Expected(url: "redis://localhost", host: "localhost"),
        Expected(url: "REDIS://localhost/", host: "localhost"),
        Expected(url: "redis://10.0.0.1:7000/15", host: "10.0.0.1", port: 7000, database: 15),
        Expected(url: "redis://:pass@h:1", host: "h", port: 1, credentials: RedisCredentials(password: "pass")),
        Expected(
            url: "redis://me:p%40s%2fs%25:@cache/2", host: "cache",
            credentials: RedisCredentials(user: "me", password: "p@s/s%:"), database: 2),
        Expected(url: "redis://:a@b/c@h", host: "h", credentials: RedisCredentials(password: "a@b/c")),
        Expected(url: "redis://[::1]:65535", host: "::1", port: 65535),
        Expected(url: "redis://[fe80::1]/1", host: "fe80::1", database: 1),
    ])
    func urlIsRead(expected: Expected) throws {
        let configuration = try RedisConfiguration(url: expected.url)
        #expect(configuration.host == expected.host)
        #expect(configuration.port == expected.port)
        #expect(configuration.credentials == expected.credentials)
        #expect(configuration.database == expected.database)
    }

    @Test(arguments: [
        ("", "redis://"), ("localhost:6379", "redis://"), ("http://h", "scheme"), ("rediss://:pw-x@h", "TLS"),
        ("redis://", "host"), ("redis://:pw-x@", "host"), ("redis://:pw-x@:6379", "host"),
        ("redis://:pw-x@h:0", "port"), ("redis://:pw-x@h:65536", "port"), ("redis://h:", "port"),
        ("redis://h:+1", "port"), ("redis://h:1:2", "port"), ("redis://h:99999999999999999999", "port"),
        ("redis://[::1", "]"), ("redis://[::1]x", "]"), ("redis://pw-x@h", "user without a password"),
        ("redis://:@h", "password is empty"), ("redis://:pw-x%4@h", "%"), ("redis://:%gg@h", "%"),
        ("redis://:%ff@h", "%"), ("redis://h/x", "database"), ("redis://h/-1", "database"),
        ("redis://h/1/2", "database"),
        ("redis://h?db=1", "queries"), ("redis://:pw-x#y@h", "fragments"),
    ])
    func malformedURLNamesThePartAndHidesThePassword(url: String, part: String) throws {
        let error = try #require(#expect(throws: RedisError.self) { try RedisConfiguration(url: url) })
        #expect(error.code == .invalidURL)
        #expect(error.message.contains(part))
        #expect(!error.description.contains("pw-x"))
    }

    @Test func passwordIsNeverShown() throws {
        let configuration = try RedisConfiguration(url: "redis://me:pw-x@h")
        var dumped = ""
        dump(configuration, to: &dumped)
        let shown = "\(configuration) \(String(reflecting: configuration)) \(dumped)"
        #expect(shown.contains("hidden"))
        #expect(!shown.contains("pw-x"))
    }
}
