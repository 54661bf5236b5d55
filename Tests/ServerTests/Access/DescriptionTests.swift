import Accounts
import Foundation
import HTTPTypes
import Testing

@testable import Server

/// The description of the API (`static/openapi.json`) and the table of rules say the same.
@Suite struct DescriptionTests {
    private struct Description: Decodable {
        let paths: [String: [String: Operation]]
    }

    private struct Operation: Decodable {
        /// The name of the rule in ``AccessRule``.
        let access: String
        /// The route's template, if a path of OpenAPI cannot express it.
        let route: String?

        private enum CodingKeys: String, CodingKey {
            case access = "x-hextant-access"
            case route = "x-hextant-route"
        }
    }

    private static let file = (0..<4).reduce(URL(filePath: #filePath)) { file, _ in file.deletingLastPathComponent() }
        .appending(path: "static/openapi.json")

    @Test func everyRouteIsDescribedWithItsRuleAndNoOther() throws {
        let description = try JSONDecoder().decode(Description.self, from: Data(contentsOf: Self.file))
        let described = Set(
            description.paths.flatMap { path, operations in
                operations.map { "\($0.key.uppercased()) \($0.value.route ?? path): \($0.value.access)" }
            })
        let ruled = Set(
            AccessRules.all.flatMap { path, rules in
                rules.map { "\($0.key.rawValue) \(path): \($0.value.name)" }
            })
        #expect(ruled.subtracting(described) == [], "not in static/openapi.json")
        #expect(described.subtracting(ruled) == [], "not in AccessRules")
    }
}

extension AccessRule {
    fileprivate var name: String {
        switch self {
        case .open: "open"
        case .reader: "reader"
        case .role(let role): role.rawValue
        }
    }
}
