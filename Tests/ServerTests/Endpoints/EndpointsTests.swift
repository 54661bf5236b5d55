import Accounts
import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import Web

@testable import Server

@Suite struct EndpointsTests {
    private static let handler: Endpoint.Handler = { _, _ in Response(status: .ok) }

    private static func endpoints() throws -> Endpoints {
        try Endpoints([
            .get("/v1/datasets", .reader, handler),
            .query("/v1/events", .role(.analyst), handler),
            .post("/v1/events/upload", .role(.analyst), .file, cost: .units(20), handler),
            Endpoint(
                "/v1/analytics/runs/{id}",
                [
                    .get: .init(rule: .reader, handler: handler),
                    .delete: .init(rule: .role(.analyst), handler: handler),
                ]),
        ])
    }

    @Test func aPathThatIsDeclaredTwiceIsRefused() {
        let error = #expect(throws: EndpointFault.self) {
            try Endpoints([.get("/v1/new", .open, Self.handler), .get("/v1/new", .reader, Self.handler)])
        }
        #expect(error?.description.contains("/v1/new") == true)
    }

    @Test(arguments: [AccessRule.open, .reader])
    func aWriteWithoutARoleIsRefused(rule: AccessRule) {
        let error = #expect(throws: EndpointFault.self) {
            try Endpoints([.post("/v1/new", rule, .none, cost: .units(1), Self.handler)])
        }
        #expect(error?.description.contains("POST /v1/new") == true)
        // Whoever signs in has no role yet, and a query only reads.
        #expect(throws: Never.self) {
            try Endpoints([
                .post("/v1/auth/new", .open, .none, cost: .units(1), Self.handler),
                .query("/v1/query", rule, Self.handler),
            ])
        }
    }

    @Test func aMethodThatAPathDoesNotHaveIs405() throws {
        let endpoints = try Self.endpoints()
        #expect(try endpoints.rule("/v1/analytics/runs/{id}", .head) == .reader)
        let problem = #expect(throws: Problem.self) { try endpoints.rule("/v1/analytics/runs/{id}", .put) }
        #expect(problem?.status == .methodNotAllowed)
        #expect(problem?.headers[.allow] == "GET, HEAD, DELETE, OPTIONS")
        #expect(throws: Problem.fault) { try endpoints.rule("/v1/new", .get) }
    }

    @Test func aPostThatOnlyAsksIsNoWrite() throws {
        let endpoints = try Self.endpoints()
        #expect(!endpoints.writes("/v1/events", .post))
        #expect(!endpoints.writes("/v1/events", .get))
        #expect(endpoints.writes("/v1/events/upload", .post))
        #expect(endpoints.writes("/v1/analytics/runs/{id}", .delete))
    }

    @Test func whatHasNoEndpointCostsAUnit() throws {
        let endpoints = try Self.endpoints()
        let request = Self.request("/")
        #expect(endpoints.cost("/v1/events/upload", request) == .units(20))
        #expect(endpoints.cost("/v1/datasets", request) == .units(1))
        #expect(endpoints.cost(nil, request) == .units(1))
    }

    private static func request(_ path: String) -> Request {
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: path)
        return Request(head: head, body: .init(buffer: ByteBuffer()))
    }

    /// A unit for 250 features. GDAL 3.6 asks for ten at a time: 204,441 rows are 20,445 requests, and a client address
    /// has 6000 units.
    @Test(arguments: [
        ("/x?limit=1000", 4.0), ("/x?limit=500&f=json", 2.0), ("/x", 0.4), ("/x?f=json&limit=10", 0.25),
        ("/x?limit=0", 0.25), ("/x?limit=1000000", 4.0), ("/x?limit=no", 0.4), ("/x?limit=-5", 0.25),
        ("/x?filter=limit=1000", 0.4),
    ])
    func aPageCostsWhatItHolds(path: String, units: Double) {
        #expect(RequestCost.page.units(of: Self.request(path)) == .units(units))
        #expect(RequestCost.units(5).units(of: Self.request(path)) == .units(5))
        #expect(units < 6000.0 / 20_445 || units >= 0.4)
    }

    @Test(arguments: [
        (AccessRule.open, Role.public, true), (.reader, .public, true), (.role(.analyst), .public, false),
        (.role(.analyst), .analyst, true), (.role(.analyst), .admin, true), (.role(.admin), .analyst, false),
    ])
    func aRuleAdmitsItsRoleAndHigherOnes(rule: AccessRule, role: Role, isAdmitted: Bool) {
        let principal = Principal(identity: .user("ada"), role: role)
        if isAdmitted {
            #expect(throws: Never.self) { try rule.admit(principal) }
        } else {
            #expect(throws: Problem.self) { try rule.admit(principal) }
        }
    }
}
