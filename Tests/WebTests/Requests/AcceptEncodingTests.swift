import Testing

@testable import Web

@Suite struct AcceptEncodingTests {
    @Test(arguments: [
        "gzip", "GZIP", "x-gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8, *;q=0.1", "*", "gzip;q=0.001",
        "gzip ; q=1", "identity;q=0.5, gzip;q=0.5", "identity;q=0, *",
    ])
    func gzipIsSentToThoseWhoTakeIt(header: String) {
        #expect(AcceptEncoding.prefersGzip(header))
    }

    @Test(arguments: [
        "", "identity", "br", "gzip;q=0", "gzip;q=0.0, *", "*;q=0", "gzip;q=0.2, identity", "gzip;q=x", "gzip;q=7",
        "gzipped",
    ])
    func othersGetTheBareContent(header: String) {
        #expect(!AcceptEncoding.prefersGzip(header))
    }

    @Test func noHeaderMeansTheBareContent() {
        #expect(!AcceptEncoding.prefersGzip(nil))
    }
}
