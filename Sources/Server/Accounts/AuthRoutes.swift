import Accounts
import Domain
import HTTPTypes
import Hummingbird
import JSON
import Web

/// Answers `/v1/auth`: issues tokens for a password or a refresh token, and revokes them.
struct AuthRoutes {
    /// How long an access token is valid.
    static let tokenLifetime = Duration.seconds(600)
    /// How long a session lasts, however often it is renewed.
    static let sessionLifetime = Duration.days(30)

    let sources: AccountSources
    let passwords = PasswordChecker()

    init(_ sources: AccountSources) { self.sources = sources }

    /// Paths below this one take the credentials themselves, so anybody may send to them.
    static let prefix = "/v1/auth/"

    var endpoints: [Endpoint] {
        let body = Endpoint.Body.small(upTo: Credentials.longestBody)
        return [
            // Checking a password takes a tenth of a second of a core.
            .post("\(Self.prefix)token", .open, body, cost: .units(20), token),
            .post("\(Self.prefix)revoke", .open, body, cost: .units(1), revoke),
        ]
    }

    /// Answers `POST /v1/auth/token`: the two grants of OAuth 2 (RFC 6749, sections 4.3 and 6) that need no client id.
    @Sendable private func token(_ request: Request, _ context: ClientContext) async throws -> Response {
        guard let tokens = sources.tokens else {
            throw Problem(
                status: .forbidden, detail: "Sign-in is not set up on this server.")
        }
        let given = try await Credentials.read(request)
        let refresh = Secret.random(.refreshToken)
        let (session, user) =
            switch given.grantType {
            case "password": try await signIn(given, refresh, context)
            case "refresh_token": try await renew(given, refresh, context)
            default:
                throw Problem.badRequest([.init(field: "grant_type", message: "must be password or refresh_token")])
            }
        let now = Instant.now.seconds
        let lifetime = Self.tokenLifetime.components.seconds
        let token = AccessToken(user: user, session: session, issuedAt: now, expiresAt: now + lifetime)
        var json = JSONWriter()
        let text = try tokens.sign(token)
        json.object { json in
            json.field("access_token", text)
            json.field("token_type", "Bearer")
            json.field("expires_in", Int(lifetime))
            json.field("refresh_token", refresh.text)
        }
        var response = json.response(to: request)
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private func signIn(
        _ given: Credentials, _ refresh: Secret, _ context: ClientContext
    ) async throws -> (session: Int64, user: String) {
        let fields = [("username", given.username), ("password", given.password)]
        let missing = fields.filter { ($0.1 ?? "").isEmpty }
            .map { Problem.Field(field: $0.0, message: "must be given") }
        guard missing.isEmpty, let user = given.username, let password = given.password else {
            throw Problem.badRequest(missing)
        }
        guard password.utf8.count <= PasswordRules.longest else {
            throw Problem.badRequest([.init(field: "password", message: "is longer than a password can be")])
        }
        let subjects = [SignInSubject.user(user), .address(context.address ?? "local")]
        if let wait = try await sources.accounts.beginSignIn(subjects) {
            await refused("too many attempts failed", target: nil, context, .tooManyRequests)
            throw Problem.tooManyRequests("Too many failed sign-ins; wait before you try again.", retryAfter: wait)
        }
        let stored = PasswordRules.isName(user) ? try await sources.accounts.password(of: user) : nil
        // The check may have waited, so the session is opened only if the password is still that of the account.
        guard try await passwords.check(password, against: stored?.hash), let epoch = stored?.epoch,
            let session = try await sources.accounts.openSession(
                of: user, epoch: epoch, refresh: refresh.hash, lifetime: Self.sessionLifetime, subjects: subjects)
        else {
            // The given name is recorded only if it is an account's, because people type passwords there.
            await refused("wrong name or password", target: stored == nil ? nil : user, context, .unauthorized)
            throw Problem.unauthorized("The name or the password is wrong.")
        }
        await done("signed in", by: user, context)
        return (session, user)
    }

    private func renew(
        _ given: Credentials, _ next: Secret, _ context: ClientContext
    ) async throws -> (session: Int64, user: String) {
        guard let text = given.refreshToken, !text.isEmpty else {
            throw Problem.badRequest([.init(field: "refresh_token", message: "must be given")])
        }
        var renewal = Renewal.unknown
        if let known = Secret(text, .refreshToken) {
            renewal = try await sources.accounts.renew(refresh: known.hash, next: next.hash)
        }
        switch renewal {
        case .renewed(let session, let user): return (session, user)
        case .reused(let user):
            await sources.noteChange()
            await refused(
                "a refresh token was used twice, so its session was closed", target: user, context, .unauthorized)
        case .unknown:
            await refused("no such refresh token", target: nil, context, .unauthorized)
        }
        throw Problem.unauthorized("The refresh token is invalid, expired or revoked.")
    }

    /// Answers `POST /v1/auth/revoke` (RFC 7009): ends the session of a token. Unknown tokens are ignored.
    @Sendable private func revoke(_ request: Request, _ context: ClientContext) async throws -> Response {
        let given = try await Credentials.read(request)
        guard let text = given.token, !text.isEmpty else {
            throw Problem.badRequest([.init(field: "token", message: "must be given")])
        }
        var user: String?
        if let refresh = Secret(text, .refreshToken) {
            user = try await sources.accounts.revoke(refresh: refresh.hash)
        } else if let token = sources.tokens?.read(text, now: Instant.now.seconds) {
            user = try await sources.accounts.revoke(session: token.session)
        }
        if let user {
            await sources.noteChange()
            await done("signed out", by: user, context)
        }
        return Response(status: .ok, headers: [.cacheControl: "no-store"])
    }

    /// - Parameter target: The account that was tried.
    private func refused(
        _ detail: String, target: String?, _ context: ClientContext, _ status: HTTPResponse.Status
    ) async {
        await sources.audit.record(
            AuditEntry(
                actor: Principal.Identity.anonymous.description, address: context.address,
                action: "POST \(context.endpointPath ?? "")", target: target, outcome: .refused, status: status.code,
                detail: detail))
    }

    private func done(_ detail: String, by user: String, _ context: ClientContext) async {
        await sources.audit.record(
            AuditEntry(
                actor: Principal.Identity.user(user).description, address: context.address,
                action: "POST \(context.endpointPath ?? "")", outcome: .done, status: HTTPResponse.Status.ok.code,
                detail: detail))
    }
}
