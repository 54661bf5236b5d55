import Accounts
import HTTPTypes

/// Who may send a request.
enum AccessRule: Hashable, Sendable {
    /// Everybody, and nobody is asked who they are: the answer is the same for all.
    case open
    /// Everybody; which datasets there are depends on who asks.
    case reader
    /// Those of that role or a higher one; which datasets there are depends on who asks.
    case role(Role)

    func admits(_ principal: Principal) -> Bool {
        if case .role(let role) = self { principal.role >= role } else { true }
    }

    /// - Throws: ``Problem`` 401 for who has not said who they are, 403 for who may not.
    func admit(_ principal: Principal) throws(Problem) {
        guard case .role(let role) = self, !admits(principal) else { return }
        guard principal.isAnonymous else {
            throw Problem(status: .forbidden, detail: "This takes the role \(role.rawValue).", isRefusal: true)
        }
        throw .unauthorized("This takes a token or an API key: send it as `Authorization: Bearer TOKEN`.")
    }
}

extension Problem {
    /// 401, with how to say who one is.
    static func unauthorized(_ detail: String) -> Problem {
        Problem(
            status: .unauthorized, detail: detail, headers: [.wwwAuthenticate: "Bearer realm=\"hextant\""],
            isRefusal: true)
    }
}
