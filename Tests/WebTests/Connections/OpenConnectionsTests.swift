import Accounts
import Testing

@testable import Web

@Suite struct OpenConnectionsTests {
    @Test func anAddressHasSoManyAndAnotherItsOwn() {
        let connections = OpenConnections(most: 2, trust: .nobody, network: ClientNetwork.name)
        #expect(connections.open("10.0.0.1"))
        #expect(connections.open("10.0.0.1"))
        #expect(!connections.open("10.0.0.1"))
        #expect(connections.open("10.0.0.2"))
        connections.close("10.0.0.1")
        #expect(connections.open("10.0.0.1"))
        #expect(!connections.open("10.0.0.1"))
    }

    @Test func aNetworkOfIPv6IsOneClient() {
        let connections = OpenConnections(most: 1, trust: .nobody, network: ClientNetwork.name)
        #expect(connections.open("2001:db8::1"))
        #expect(!connections.open("2001:db8::2"))
        #expect(connections.open("2001:db8:0:1::1"))
    }

    @Test func trustedProxiesAndNoLimitAreNotCounted() throws {
        let block = try #require(AddressBlock("10.0.0.0/8"))
        let trusting = OpenConnections(most: 1, trust: ProxyTrust([block]), network: ClientNetwork.name)
        for _ in 0..<10 { #expect(trusting.open("10.0.0.1")) }
        let unlimited = OpenConnections(most: 0, trust: .nobody, network: ClientNetwork.name)
        for _ in 0..<10 { #expect(unlimited.open("10.0.0.1")) }
    }
}
