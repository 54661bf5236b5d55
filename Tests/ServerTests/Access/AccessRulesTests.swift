import Accounts
import HTTPTypes
import Hummingbird
import Testing

@testable import Server

@Suite struct AccessRulesTests {
    @Test func aServerWithARouteThatHasNoRuleDoesNotStart() throws {
        let router = Router(context: ClientContext.self)
        router.get("/v1/datasets") { _, _ in "" }
        try AccessRules.check(router)
        router.get("/v1/new") { _, _ in "" }
        let error = #expect(throws: RouteWithoutRule.self) { try AccessRules.check(router) }
        #expect(error?.route == "/v1/new")
    }

    @Test func aMethodThatTheTableDoesNotGiveIs405() throws {
        #expect(try AccessRules.rule("/v1/analytics/runs/{id}", .head) == .reader)
        let problem = #expect(throws: Problem.self) { try AccessRules.rule("/v1/analytics/runs/{id}", .put) }
        #expect(problem?.status == .methodNotAllowed && problem?.headers[.allow] == "GET, HEAD, DELETE, OPTIONS")
        #expect(throws: Problem.fault) { try AccessRules.rule("/v1/new", .get) }
    }

    @Test func aPostThatOnlyAsksIsNoWrite() {
        #expect(!AccessRules.writes("/v1/events", .post) && !AccessRules.writes("/v1/events", .get))
        #expect(
            AccessRules.writes("/v1/events/upload", .post) && AccessRules.writes("/v1/analytics/runs/{id}", .delete))
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
