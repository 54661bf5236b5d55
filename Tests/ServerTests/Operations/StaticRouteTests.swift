import Foundation
import Testing

@testable import Server
@testable import Web

@Suite struct StaticRouteTests {
    private static let page = "<!doctype html><title>Map</title>" + String(repeating: "<p>cells</p>", count: 50)

    /// A folder with a small page, traps, and a file next to it that must not be reached.
    private func withPage(_ body: (WireClient) async throws -> Void) async throws {
        let manager = FileManager.default
        let base = manager.temporaryDirectory.appendingPathComponent("static-\(UUID().uuidString)")
        let root = base.appendingPathComponent("root")
        try manager.createDirectory(at: root.appendingPathComponent("js/map"), withIntermediateDirectories: true)
        defer { try? manager.removeItem(at: base) }
        func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: root.appendingPathComponent(name))
        }
        try write(Self.page, "index.html")
        try write("export {}", "js/map/main.js")
        try write("p {}", "style.css")
        try write("<svg/>", "mark.svg")
        try write("a", "with space.txt")
        try write("<p>", "about.html")
        try write(#"<a href="{origin}/">The map</a>"#, "404.html")
        try write("hidden", ".env")
        try Data("outside".utf8).write(to: base.appendingPathComponent("outside.txt"))
        try manager.createSymbolicLink(
            at: root.appendingPathComponent("link.txt"), withDestinationURL: base.appendingPathComponent("outside.txt"))
        try await withServer(MemoryStore(), ServerConfiguration(port: 0, staticRoot: root.path), body)
    }

    @Test func theRootIsThePage() async throws {
        try await withPage { client in
            for path in ["/", "/?date=2021-12-31"] {
                let answer = try await client.get(path)
                #expect(answer.status == 200)
                #expect(answer.text == Self.page)
                #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
                #expect(answer.headers["content-security-policy"]?.contains("default-src 'self'") == true)
                #expect(answer.headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
                #expect(answer.headers["x-content-type-options"] == "nosniff")
                #expect(answer.headers["referrer-policy"] == "strict-origin-when-cross-origin")
            }
        }
    }

    @Test func whoAsksForAPageAtAWrongPathGetsOneThatLeadsBack() async throws {
        try await withPage { client in
            for accept in ["text/html,application/xhtml+xml,*/*;q=0.8", "application/json;q=0.2, text/html;q=0.1"] {
                let answer = try await client.get("/no/such/path", ["accept": accept])
                #expect(answer.status == 404)
                #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
                #expect(answer.headers["vary"]?.contains("Accept") == true)
                #expect(answer.text == #"<a href="\#(client.origin)/">The map</a>"#)
            }
            for accept in ["*/*", "application/json", "text/html;q=0"] {
                let answer = try await client.get("/no/such/path", ["accept": accept])
                #expect(answer.status == 404)
                #expect(answer.headers["content-type"] == "application/problem+json")
            }
        }
    }

    @Test(arguments: [
        ("/js/map/main.js", "text/javascript; charset=utf-8"), ("/style.css", "text/css; charset=utf-8"),
        ("/mark.svg", "image/svg+xml"), ("/about", "text/html; charset=utf-8"),
        ("/with%20space.txt", "text/plain; charset=utf-8"),
    ])
    func filesHaveTheirMediaType(path: String, mediaType: String) async throws {
        try await withPage { client in
            let answer = try await client.get(path)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == mediaType)
        }
    }

    @Test(arguments: [
        "/../outside.txt", "/js/../../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt",
        "/js/..%5c..%5coutside.txt", "/link.txt", "/.env", "/js", "/js/", "/./index.html",
        "/index.html%00", "/nothing.html",
        "/%ff", "/etc/passwd", "//etc/passwd",
    ])
    func nothingElseIsReached(path: String) async throws {
        try await withPage { client in
            let answer = try await client.get(path)
            #expect(answer.status == 404)
            #expect(!answer.text.contains("outside"))
            #expect(!answer.text.contains("hidden"))
        }
    }

    @Test(arguments: [
        ("/index.html", "/"), ("//", "/"), ("//index.html", "/"), ("/index.html/?a=1", "/?a=1"),
        ("/about.html", "/about"),
        ("/about/", "/about"), ("/style%2Ecss/", "/style.css"), ("/with%20space.txt/", "/with%20space.txt"),
        ("/js//map/main.js", "/js/map/main.js"),
    ])
    func anotherSpellingOfAFileIsMoved(path: String, address: String) async throws {
        try await withPage { client in
            let answer = try await client.get(path)
            #expect(answer.status == 308)
            #expect(answer.headers["location"] == address)
            #expect(answer.body.isEmpty)
        }
    }

    @Test func aKnownCopyIs304() async throws {
        try await withPage { client in
            let first = try await client.get("/")
            let tag = try #require(first.headers["etag"])
            let date = try #require(first.headers["last-modified"])
            #expect(try await client.get("/", ["If-None-Match": tag]).status == 304)
            #expect(try await client.get("/", ["If-Modified-Since": date]).status == 304)
            #expect(
                try await client.get("/", ["If-None-Match": "\"x\"", "If-Modified-Since": date]).status == 200,
                "a tag goes before a date")
        }
    }

    @Test func aFileIsCompressedForThoseWhoTakeIt() async throws {
        try await withPage { client in
            let plain = try await client.get("/")
            let gzip = try await client.get("/", ["Accept-Encoding": "gzip"])
            #expect(gzip.headers["content-encoding"] == "gzip")
            #expect(gzip.body.count < plain.body.count)
            #expect(gzip.headers["etag"] != plain.headers["etag"])
            let small = try await client.get("/style.css", ["Accept-Encoding": "gzip"])
            #expect(small.headers["content-encoding"] == nil)
        }
    }

    @Test func thePageIsReadOnly() async throws {
        try await withPage { client in
            let answer = try await client.send("POST", "/", body: "x")
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == "GET, HEAD, OPTIONS")
            #expect(try await client.send("HEAD", "/").body.isEmpty)
        }
    }

    @Test func aFolderThatIsNotThereIsToldAtStart() {
        #expect(throws: StaticFilesError.self) { try StaticFiles(root: "/nonexistent/page") }
    }
}
