import NIOCore
import Telemetry
import Testing

@testable import Fetch

/// Where requests may not go, and what nobody may see.
@Suite struct FetcherGuardTests {
    private func failure(_ fetcher: Fetcher, _ request: FetchRequest = FetcherTests.request()) async -> FetchError? {
        do {
            _ = try await fetcher.answer(request)
            return nil
        } catch {
            return error as? FetchError
        }
    }

    @Test(arguments: [
        ["127.0.0.1"], ["10.0.0.8"], ["169.254.169.254"], ["::1"], ["fe80::1"], ["93.184.216.34", "192.168.0.1"],
    ])
    func namesThatLeadInsideAreRefused(_ addresses: [String]) async throws {
        let source = ScriptedSource([.ok("inside")])
        let fetcher = FetcherTests.fetcher(source, names: KnownNames(names: ["source.example": addresses]))
        #expect(await failure(fetcher)?.code == .address)
        #expect(source.requests.isEmpty)
    }

    @Test func aFeedMayAllowThem() async throws {
        let source = ScriptedSource([.ok("inside")])
        let fetcher = FetcherTests.fetcher(source, names: KnownNames(names: ["source.example": ["127.0.0.1"]]))
        let access = SourceAccess(hosts: AllowedHosts(["source.example"], allowPrivate: true))
        #expect(try await fetcher.answer(FetcherTests.request(access: access)).text == "inside")
    }

    @Test func aNameWithoutAddressIsTriedAgainAndThenAnError() async throws {
        let source = ScriptedSource([.ok("x")])
        let fetcher = FetcherTests.fetcher(source, names: KnownNames(names: ["source.example": []]))
        #expect(await failure(fetcher)?.code == .resolve)
        #expect(source.requests.isEmpty)
    }

    @Test func theNextAddressIsTriedWhenOneTakesNoConnection() async throws {
        let source = ScriptedSource { _, request in
            request.address == IPAddress("2606:4700::1") ? .fault(.connect("no route")) : .ok("by IPv4")
        }
        let names = KnownNames(names: ["source.example": ["2606:4700::1", "93.184.216.34"]])
        let clock = ManualClock(jumps: true)
        let fetcher = FetcherTests.fetcher(source, clock: clock, names: names)
        #expect(try await fetcher.answer(FetcherTests.request()).text == "by IPv4")
        #expect(clock.pauses.isEmpty)
    }

    @Test func aBadCertificateIsNotTriedAgain() async throws {
        let source = ScriptedSource([.fault(.certificate("expired"))])
        #expect(await failure(FetcherTests.fetcher(source))?.code == .certificate)
        #expect(source.requests.count == 1)
    }

    @Test func redirectsToNamedHostsAreFollowed() async throws {
        let source = ScriptedSource { number, _ in
            switch number {
            case 0: .status(302, ["Location": "/moved?a=1#top"])
            case 1: .status(307, ["Location": "https://other.example/there"])
            default: .ok("found")
            }
        }
        #expect(try await FetcherTests.fetcher(source).answer(FetcherTests.request()).text == "found")
        #expect(
            source.requests.map(\.url) == [
                "https://source.example/rows", "https://source.example/moved?a=1", "https://other.example/there",
            ])
    }

    @Test(arguments: [
        ("https://evil.example/", FetchError.Code.host), ("https://127.0.0.1/", .host),
        ("http://source.example/", .url),
        ("https://source.example:22/", .host), ("file:///etc/passwd", .url), ("//evil.example/x", .host),
        ("", .redirect),
        ("https://source.example@evil.example/", .url),
    ])
    func otherRedirectsAreRefused(_ location: String, _ code: FetchError.Code) async {
        let source = ScriptedSource([.status(301, ["Location": location])])
        #expect(await failure(FetcherTests.fetcher(source))?.code == code)
        #expect(source.requests.count == 1)
    }

    @Test func aNamedHostThatLeadsInsideIsRefusedAfterARedirect() async {
        let source = ScriptedSource([.status(302, ["Location": "https://other.example/"])])
        let names = KnownNames(names: ["other.example": ["10.1.2.3"]])
        #expect(await failure(FetcherTests.fetcher(source, names: names))?.code == .address)
        #expect(source.requests.count == 1)
    }

    @Test func redirectsHaveAnEnd() async {
        let source = ScriptedSource([.status(302, ["Location": "/rows"])])
        #expect(await failure(FetcherTests.fetcher(source))?.code == .redirect)
        #expect(source.requests.count == 6)
    }

    @Test func aFormThatIsSentOnIsReadByGet() async throws {
        let source = ScriptedSource([.status(303, ["Location": "/result"]), .ok("x")])
        var request = FetcherTests.request()
        request.method = .post
        request.form = "a=b"
        _ = try await FetcherTests.fetcher(source).answer(request)
        #expect(source.requests.map(\.method) == [.post, .get])
        #expect(source.requests.map(\.form) == ["a=b", nil])
    }

    @Test func aSecretGoesToItsHostAndNowhereElse() async throws {
        let source = ScriptedSource { number, request in
            number == 0
                ? .status(302, ["Location": "https://other.example/x"])
                : .status(403, [:], "key \(request.headers.map(\.value)) s3cr3t is bad")
        }
        let registry = PrometheusRegistry()
        let fetcher = FetcherTests.fetcher(
            source, secrets: ["HEXTANT_SECRET_TOKEN": "s3cr3t"], registry: registry)
        var request = FetcherTests.request()
        request.headers = [("X-App-Token", try fetcher.fill("${TOKEN}")), ("Accept", RequestText("text/csv"))]
        let error = try #require(await failure(fetcher, request))
        #expect(source.requests[0].headers.contains { $0.name == "X-App-Token" && $0.value == "s3cr3t" })
        #expect(!source.requests[1].headers.contains { $0.name == "X-App-Token" })
        #expect(source.requests[1].headers.contains { $0.name == "Accept" && $0.value == "text/csv" })
        #expect(error.body.contains("${TOKEN} is bad"))
        #expect(!"\(error) \(String(reflecting: error)) \(registry.text())".contains("s3cr3t"))
    }

    @Test func statusesThatHTTPDoesNotHaveShareALabel() async throws {
        let registry = PrometheusRegistry()
        let source = ScriptedSource { number, _ in .status([600, 777, 999, 200][min(number, 3)]) }
        let fetcher = FetcherTests.fetcher(source, registry: registry)
        _ = try await fetcher.answer(FetcherTests.request())
        let lines = registry.text().split(separator: "\n").filter { $0.hasPrefix("feed_requests_total{") }
        #expect(lines.count == 2)
        #expect(lines.contains { $0.contains(#"status="other""#) && $0.hasSuffix(" 3") })
    }

    @Test func aSecretAtTheCutEndOfALongErrorIsNotShown() async throws {
        let secret = "s3cr3t-of-many-letters"
        let body = String(repeating: "x", count: Fetcher.errorBytes - 10) + secret
        let fetcher = FetcherTests.fetcher(
            ScriptedSource([.status(400, [:], body)]), secrets: ["HEXTANT_SECRET_KEY": secret])
        let error = try #require(await failure(fetcher))
        #expect(error.body.hasSuffix("x${KEY}"))
    }

    @Test func aSecretInTheURLIsNotShown() async throws {
        let source = ScriptedSource([.status(500)])
        let fetcher = FetcherTests.fetcher(source, secrets: ["HEXTANT_SECRET_KEY": "s3cr3t"])
        var request = FetcherTests.request()
        request.url = try fetcher.fill("https://source.example/api/${KEY}/rows.csv")
        let error = try #require(await failure(fetcher, request))
        #expect(source.requests.first?.url == "https://source.example/api/s3cr3t/rows.csv")
        #expect(error.url == "https://source.example/api/${KEY}/rows.csv")
        #expect(!String(reflecting: error).contains("s3cr3t"))
        #expect(!request.key.contains("s3cr3t"))
        var dumped = ""
        dump(request, to: &dumped)
        dump(fetcher.secrets, to: &dumped)
        dump(source.requests, to: &dumped)
        #expect(!"\(request) \(String(reflecting: request)) \(source.requests) \(dumped)".contains("s3cr3t"))
    }
}
