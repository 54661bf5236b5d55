import Fetch
import Foundation

extension Fetcher {
    /// The way out for alerts, with the secrets of the environment. It lives as long as the process.
    static func ofWebhooks() -> Fetcher {
        let environment = ProcessInfo.processInfo.environment
        // A receiver within an organisation may have a certificate of its own.
        let authority = environment["HEXTANT_FEED_AUTHORITY"].flatMap { $0.isEmpty ? nil : $0 }
        return Fetcher(
            ClientTransport(connections: 4, authority: authority), secrets: Secrets(environment: environment))
    }
}
