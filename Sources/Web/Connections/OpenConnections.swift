import Synchronization

/// Counts the open connections of each client address, so that none takes all that the server can serve.
package final class OpenConnections: Sendable {
    /// An address has as many connections as it may.
    struct TooMany: Error {}

    /// The limit; 0 for none.
    private let most: Int
    private let trust: ProxyTrust
    private let network: @Sendable (String) -> String
    /// The counts by address, or by network for IPv6.
    private let counts = Mutex<[String: Int]>([:])

    /// - Parameters:
    ///   - most: How many connections one address may have; 0 for no limit.
    ///   - trust: Proxies, which connect for many clients and are not limited.
    ///   - network: Name under which an address is counted.
    package init(most: Int, trust: ProxyTrust, network: @escaping @Sendable (String) -> String) {
        self.most = most
        self.trust = trust
        self.network = network
    }

    /// - Parameter address: The client address; `nil` for a client that has none, which is not limited.
    /// - Returns: Whether one more is allowed. If so, ``close(_:)`` must be called once.
    package func open(_ address: String?) -> Bool {
        guard let client = client(address) else { return true }
        return counts.withLock { counts in
            guard counts[client, default: 0] < most else { return false }
            counts[client, default: 0] += 1
            return true
        }
    }

    package func close(_ address: String?) {
        guard let client = client(address) else { return }
        counts.withLock { counts in
            guard let count = counts[client] else { return }
            counts[client] = count > 1 ? count - 1 : nil
        }
    }

    private func client(_ address: String?) -> String? {
        guard most > 0, let address, !trust.covers(address) else { return nil }
        return network(address)
    }
}
