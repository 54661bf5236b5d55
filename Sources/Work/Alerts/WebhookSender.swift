import Digest
package import Domain
package import Fetch

/// Sends alerts to webhooks, signed.
package struct WebhookSender: Sendable {
    /// Why an alert was not taken.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
        /// Whether another attempt would fail in the same way.
        package let isFinal: Bool
    }

    /// The bounds of an attempt. It ends before the claim of the alert does, and nothing of the answer is needed.
    private static let limits = FetchLimits(
        head: .seconds(20), idle: .seconds(10), whole: .seconds(30), bytes: 64 << 10)
    private static let redirects: Set<Int> = [301, 302, 303, 307, 308]
    private static let source = "webhook"

    private let fetcher: Fetcher

    package init(_ fetcher: Fetcher) { self.fetcher = fetcher }

    /// Sends an alert once. The receiver knows by the id whether it has it already.
    ///
    /// `Hextant-Signature` is `t=TIME,v1=CODE`, where TIME is in seconds since 1970 and CODE the HMAC-SHA256 (RFC 2104)
    /// of TIME, a full stop and the body, in hexadecimal.
    /// - Throws: ``Failure`` when it was not taken; `CancellationError`.
    package func send(_ alert: Alert, to webhook: AlertWebhook) async throws {
        let body = alert.json
        let time = fetcher.date.seconds
        do {
            let key = try fetcher.fill("${\(webhook.secret)}").sent
            let code = HMAC.code(of: Array("\(time).\(body)".utf8), key: Array(key.utf8))
            let url = try fetcher.fill(webhook.url)
            // The host must not come from a secret: it is what the operator has named.
            let hosts = AllowedHosts([try Self.host(of: webhook.url)], allowPrivate: webhook.allowPrivate)
            var request = FetchRequest(
                url, source: Self.source, access: SourceAccess(hosts: hosts, limits: Self.limits))
            request.method = .post
            request.form = body
            request.headers = [
                ("Content-Type", RequestText("application/json")), ("Hextant-Alert", RequestText("\(alert.id)")),
                ("Hextant-Signature", RequestText("t=\(time),v1=\(hexadecimal(code))")),
            ]
            // Attempts are counted in the database. A redirect would lead the signed body elsewhere.
            request.retries = 0
            request.accepted = Self.redirects.union([202])
            let status = try await fetcher.read(request) { head, _ in head.status }
            guard !Self.redirects.contains(status) else {
                throw Failure(description: "the webhook answered \(status); redirects are not followed", isFinal: false)
            }
        } catch let error as FetchError {
            throw Failure(description: "\(error)", isFinal: Self.isFinal(error))
        }
    }

    /// Faults of the address are not cured by waiting. What the receiver answers may be: its own configuration changes.
    private static func isFinal(_ error: FetchError) -> Bool {
        switch error.code {
        case .url, .host, .address, .secret: true
        default: false
        }
    }

    /// Checks the address of a webhook, whatever its secrets are.
    /// - Throws: ``FetchError`` with the code `url` or `secret`.
    package static func check(_ url: String) throws(FetchError) {
        _ = try host(of: url)
        _ = try Secrets.names(in: url)
    }

    /// The host of an address, with its port.
    static func host(of url: String) throws(FetchError) -> String {
        let rest = url.hasPrefix("https://") ? url.dropFirst("https://".count) : ""
        let host = String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
        guard !host.isEmpty, !host.contains("$") else {
            throw FetchError(.url, url: url, "must begin with https:// and a host, which is no secret")
        }
        return host
    }
}

extension Alert {
    /// The body that a webhook gets. Texts in it are ours and need no escapes but quotes and backslashes.
    var json: String {
        func text(_ value: String) -> String {
            "\"\(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        }
        let members = [
            "\"id\":\(id)", "\"dataset\":\(text(dataset.text))", "\"rule\":\(text(rule))",
            "\"condition\":\(text(condition))", "\"resolution\":\(resolution.map(String.init) ?? "null")",
            "\"as_of\":\(asOf.map { text($0.description) } ?? "null")", "\"message\":\(text(message))",
            "\"total\":\(total)", "\"cells\":\(cells)", "\"created_at\":\(text(createdAt.description))",
        ]
        return "{\(members.joined(separator: ","))}"
    }
}
