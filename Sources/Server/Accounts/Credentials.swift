import Foundation
import HTTPTypes
import Hummingbird
import Web

/// The body of a request for a token: a form as in OAuth 2, or the same fields as JSON.
struct Credentials: Decodable {
    static let longestBody = 16 * 1024

    var grantType: String?
    var username: String?
    var password: String?
    var refreshToken: String?
    /// The token to revoke.
    var token: String?

    private enum CodingKeys: String, CodingKey {
        case grantType = "grant_type"
        case username, password
        case refreshToken = "refresh_token"
        case token
    }

    /// Reads the body. Unknown fields are ignored, as RFC 6749 requires.
    /// - Parameter request: The request, whose body has been read.
    /// - Throws: ``Problem`` 400 or 415 for a body that is not valid.
    static func read(_ request: Request) async throws -> Credentials {
        try QueryParameters(request.uri.query, known: []).check()
        let type = ParameterizedValue.mediaType(request.headers[.contentType])
        let body = Data(try await request.body.collect(upTo: longestBody).readableBytesView)
        switch type {
        case "application/x-www-form-urlencoded": return try form(body)
        case "application/json":
            guard let credentials = try? JSONDecoder().decode(Credentials.self, from: body) else {
                throw Problem.badRequest("The body must be a JSON object whose members are strings.")
            }
            return credentials
        default:
            throw Problem(
                status: .unsupportedMediaType,
                detail: "The body must be application/x-www-form-urlencoded or application/json.")
        }
    }

    private static func form(_ body: Data) throws(Problem) -> Credentials {
        guard let text = String(validating: body, as: UTF8.self) else {
            throw .badRequest("The body is not UTF-8.")
        }
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
                let value = PercentEncoding.decode(parts.count == 2 ? parts[1] : "", plusIsSpace: true)
            else { throw .badRequest("The body is not percent-encoded UTF-8.") }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .badRequest([.init(field: String(name.prefix(64)), message: "is given more than once")])
            }
        }
        return Credentials(
            grantType: values["grant_type"], username: values["username"], password: values["password"],
            refreshToken: values["refresh_token"], token: values["token"])
    }
}
