import HTTPTypes
import Testing

@testable import Web

@Suite struct CrossOriginTests {
    @Test(arguments: [
        "", "https://a.example/", "https://A.example", "a.example", "https://a.example:443", "http://a.example:80",
        "null",
        "*,https://a.example", "https://*.example", "ftp://a.example", "https://user@a.example",
    ])
    func whatNoBrowserWritesAsAnOriginIsRefused(text: String) {
        #expect(CrossOrigin(text) == nil)
    }

    private func value(_ fields: [(name: HTTPField.Name, value: String)], _ name: HTTPField.Name) -> String? {
        fields.first { $0.name == name }?.value
    }

    @Test func onlyOriginsThatAreNamedMayReadAndSendAToken() throws {
        let policy = try #require(CrossOrigin("https://a.example, http://localhost:3000"))
        for origin in ["https://a.example", "http://localhost:3000"] {
            #expect(value(policy.fields(for: origin), .accessControlAllowOrigin) == origin)
            let preflight = policy.preflight(from: origin, methods: "GET, HEAD")
            #expect(value(preflight, .accessControlAllowMethods) == "GET, HEAD")
            #expect(value(preflight, .accessControlAllowHeaders)?.contains("Authorization") == true)
        }
        for origin in [nil, "https://b.example", "null", "https://a.example.evil"] {
            #expect(policy.fields(for: origin).map(\.name) == [.vary])
            #expect(policy.preflight(from: origin ?? "", methods: "GET").isEmpty)
        }
    }

    @Test func whoMayReadFromAnywhereSendsNoToken() throws {
        let policy = try #require(CrossOrigin("*"))
        #expect(value(policy.fields(for: "https://b.example"), .accessControlAllowOrigin) == "*")
        #expect(
            value(policy.preflight(from: "https://b.example", methods: "GET"), .accessControlAllowHeaders)?
                .contains("Authorization") == false)
    }

    @Test(arguments: [CrossOrigin.none, .any, .origins(["https://a.example"])])
    func credentialsAreNeverAllowed(policy: CrossOrigin) {
        let all = policy.fields(for: "https://a.example") + policy.preflight(from: "https://a.example", methods: "GET")
        #expect(!all.contains { $0.name == .accessControlAllowCredentials })
    }
}
