import Accounts
import HTTPTypes
import Web

/// The rule that says who may send a request.
enum AccessRule: Hashable, Sendable {
    /// Everybody, without looking at credentials: the answer is the same for all.
    case open
    /// Everybody. The account decides which datasets are visible.
    case reader
    /// Accounts with this role or a higher one. The account decides which datasets are visible.
    case role(Role)

    func admits(_ principal: Principal) -> Bool {
        if case .role(let role) = self { principal.role >= role } else { true }
    }

    /// - Throws: ``Problem`` 401 for a request without credentials, 403 for an account that lacks the role.
    func admit(_ principal: Principal) throws(Problem) {
        guard case .role(let role) = self, !admits(principal) else { return }
        guard principal.isAnonymous else {
            throw Problem(status: .forbidden, detail: "This needs the role \(role.rawValue).", isRefusal: true)
        }
        throw .unauthorized("This needs an access token or an API key: send it as `Authorization: Bearer TOKEN`.")
    }
}

extension Problem {
    /// Status 401, with how to send credentials.
    static func unauthorized(_ detail: String) -> Problem {
        Problem(
            status: .unauthorized, detail: detail, headers: [.wwwAuthenticate: "Bearer realm=\"hextant\""],
            isRefusal: true)
    }
}
