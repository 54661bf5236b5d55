import Caching
import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Finds the addresses of a host.
package protocol HostResolver: Sendable {
    /// The addresses, in the order in which they are to be tried; empty when the name has none.
    func addresses(of host: String) async throws -> [IPAddress]
}

/// The resolver of the system, which also knows `/etc/hosts`. Names are remembered for a short while.
package final class SystemResolver: HostResolver {
    private struct Known {
        let addresses: [IPAddress]
        let until: NIODeadline
    }

    /// How long an answer is remembered. Short, since the system does not say how long one is valid.
    private static let memory = TimeAmount.seconds(30)
    private static let mostNames = 256

    /// The longest time that is waited for the system, which blocks a thread meanwhile.
    private static let patience = Duration.seconds(60)

    private let known = Mutex<[String: Known]>([:])
    private let lookUps = SingleFlight<String, [IPAddress]>()

    private let lookUp: @Sendable (String) -> [IPAddress]

    package convenience init() { self.init(lookUp: Self.look(up:)) }

    /// - Parameter lookUp: Asks the system, and may block.
    init(lookUp: @escaping @Sendable (String) -> [IPAddress]) {
        self.lookUp = lookUp
    }

    package func addresses(of host: String) async throws -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        let now = NIODeadline.now()
        if let known = known.withLock({ $0[host] }), known.until > now { return known.addresses }
        // The resolver of the system blocks its thread, sometimes for many seconds: once for a name, however many ask.
        let addresses = try await lookUps.value(for: host, within: Self.patience) { [lookUp] in
            try await NIOThreadPool.singleton.runIfActive { lookUp(host) }
        }.value
        if !addresses.isEmpty {
            known.withLock { names in
                if names.count >= Self.mostNames { names.removeAll() }
                names[host] = Known(addresses: addresses, until: now + Self.memory)
            }
        }
        return addresses
    }

    private static func look(up host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var addresses: [IPAddress] = []
        var next = first
        while let info = next {
            if let name = info.pointee.ai_addr, let address = address(name, info.pointee.ai_family),
                !addresses.contains(address)
            {
                addresses.append(address)
            }
            next = info.pointee.ai_next
        }
        return addresses
    }

    private static func address(_ name: UnsafeMutablePointer<sockaddr>, _ family: Int32) -> IPAddress? {
        switch family {
        case AF_INET:
            name.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { IPAddress(SocketAddress($0.pointee)) }
        case AF_INET6:
            name.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { IPAddress(SocketAddress($0.pointee)) }
        default: nil
        }
    }
}

/// Refuses names that lead where no feed should.
struct AddressGuard: Sendable {
    let resolver: any HostResolver

    /// The addresses to try, four at most.
    ///
    /// One address that is not public spoils all: whoever answers for the name may put it first the next time.
    /// - Throws: ``FetchError`` with the code `resolve` or `address`, and `CancellationError`.
    func addresses(of host: String, allowPrivate: Bool, url: String) async throws -> [IPAddress] {
        let addresses: [IPAddress]
        do {
            addresses = try await resolver.addresses(of: host)
        } catch {
            guard !(error is CancellationError) else { throw error }
            throw FetchError(.resolve, url: url, "the name \(host) could not be looked up")
        }
        guard !addresses.isEmpty else {
            throw FetchError(.resolve, url: url, "the name \(host) has no address now")
        }
        if !allowPrivate, let address = addresses.first(where: { !$0.isPublic }) {
            throw FetchError(
                .address, url: url,
                "\(host) leads to \(address), which is not an address of the public internet; "
                    + "`allow_private: true` in the feed would allow it")
        }
        return Array(addresses.prefix(4))
    }
}
