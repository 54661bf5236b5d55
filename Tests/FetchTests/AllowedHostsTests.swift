import Testing

@testable import Fetch

@Suite struct AllowedHostsTests {
    private let hosts = AllowedHosts(["data.police.uk", "localhost:8443"])

    @Test func namedHostsAreAllowed() throws {
        #expect(try hosts.target(RequestText("https://data.police.uk/api/forces?x=1")).hostAndPort == "data.police.uk")
        #expect(try hosts.target(RequestText("https://data.police.uk:443/")).hostAndPort == "data.police.uk")
        #expect(try hosts.target(RequestText("https://localhost:8443/a")).hostAndPort == "localhost:8443")
        #expect(hosts.names == ["data.police.uk", "localhost:8443"])
    }

    @Test(arguments: [
        "https://data.police.uk.evil.example/", "https://evil.example/data.police.uk", "https://data.police.uk:8443/",
        "https://localhost/", "https://sub.data.police.uk/", "https://data.police.uk./", "https://127.0.0.1/",
        "https://[::1]/", "https://2130706433/", "https://data%2Epolice%2Euk.evil.example/",
    ])
    func othersAreNot(_ url: String) {
        #expect(code { try hosts.target(RequestText(url)) } == .host)
    }

    @Test(arguments: [
        "http://data.police.uk/", "ftp://data.police.uk/", "data.police.uk/api", "", "https://", "file:///etc/passwd",
        "https://user@data.police.uk/", "https://data.police.uk@evil.example/", "https://a:b@data.police.uk/",
        "https://data.police.uk\\@evil.example/", "https://data.police.uk/a b", "https://data.police.uk/\r\nX: y",
        "https://Data.Police.UK/", "https://data.police.uk:0/", "https://data.police.uk:99999/", "https://dåta.uk/",
        "HTTPS://data.police.uk/ ",
    ])
    func whatCannotBeReadOneWayIsRefused(_ url: String) {
        #expect(code { try hosts.target(RequestText(url)) } == .url)
    }

    @Test func anAtSignInAQueryIsNoUserName() throws {
        #expect(try hosts.target(RequestText("https://data.police.uk/api?mail=a@b")).host == "data.police.uk")
    }

    private func code(_ body: () throws -> Target) -> FetchError.Code? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? FetchError)?.code
        }
    }
}
