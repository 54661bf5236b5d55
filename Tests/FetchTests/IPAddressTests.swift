import Testing

@testable import Fetch

/// Expected values: `is_global and not is_multicast` of Python 3.11's `ipaddress`, except where a line says otherwise.
@Suite struct IPAddressTests {
    @Test(arguments: [
        "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.0", "11.0.0.1",
        "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "169.253.255.255", "126.255.255.255",
        "2606:4700:4700::1111", "2a00:1450:4009:820::200e", "2001:4860:4860::8888",
    ])
    func hostsOfTheInternetArePublic(_ text: String) throws {
        #expect(try #require(IPAddress(text)).isPublic)
    }

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.0.1",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.7", "192.168.1.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.9", "203.0.113.200", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
        // IPv4 inside IPv6: Python looks inside the mapped ones alone, and none of them is a host of a source.
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
        "2001:0:53aa:64c::1", "100::1", "3fff::1", "fec0::1",
    ])
    func everythingElseIsNot(_ text: String) throws {
        #expect(try !#require(IPAddress(text)).isPublic)
    }

    @Test(arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "0x7f.1", "2130706433", "[::1]"])
    func whatIsNoAddressIsNone(_ text: String) {
        #expect(IPAddress(text) == nil)
    }
}
