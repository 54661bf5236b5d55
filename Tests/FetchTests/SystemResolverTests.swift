import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Fetch

@Suite struct SystemResolverTests {
    @Test(.timeLimit(.minutes(1))) func aNameIsLookedUpOnceHoweverManyAsk() async throws {
        let count = Mutex(0)
        let gate = DispatchSemaphore(value: 0)
        let resolver = SystemResolver { host in
            count.withLock { $0 += 1 }
            gate.wait()
            gate.signal()
            return [IPAddress("93.184.216.34")].compactMap { $0 }
        }
        let tasks = (0..<50).map { _ in Task { try await resolver.addresses(of: "source.example") } }
        try await until { count.withLock { $0 } == 1 }
        for _ in 0..<200 { await Task.yield() }
        gate.signal()
        for task in tasks { #expect(try await task.value == [IPAddress("93.184.216.34")]) }
        #expect(count.withLock { $0 } == 1)
        // Remembered for a while.
        _ = try await resolver.addresses(of: "source.example")
        #expect(count.withLock { $0 } == 1)
    }

    @Test func aNameWithoutAddressIsAskedForAgain() async throws {
        let count = Mutex(0)
        let resolver = SystemResolver { _ in
            count.withLock { $0 += 1 }
            return []
        }
        for _ in 0..<2 { #expect(try await resolver.addresses(of: "none.example").isEmpty) }
        #expect(count.withLock { $0 } == 2)
    }

    @Test func anAddressNeedsNoLookUp() async throws {
        let resolver = SystemResolver { _ in [] }
        #expect(try await resolver.addresses(of: "::1") == [IPAddress("::1")])
    }

    /// Forms of 127.0.0.1 that are no address by RFC 4291 but one for the system's resolver.
    @Test(arguments: ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost"])
    func oddNamesOfThisMachineAreNotPublic(_ host: String) async throws {
        let guarding = AddressGuard(resolver: SystemResolver())
        let error = await #expect(throws: FetchError.self) {
            try await guarding.addresses(of: host, allowPrivate: false, url: "https://\(host)/")
        }
        #expect([.address, .resolve].contains(error?.code))
    }

    @Test func aLookUpThatFailsIsTemporary() async throws {
        struct Broken: HostResolver {
            struct Fault: Error {}
            func addresses(of host: String) async throws -> [IPAddress] { throw Fault() }
        }
        let error = await #expect(throws: FetchError.self) {
            try await AddressGuard(resolver: Broken()).addresses(of: "h", allowPrivate: false, url: "u")
        }
        #expect(error?.code == .resolve)
        #expect(error?.isTemporary == true)
    }
}
