import Testing

@testable import Web

@Suite struct TraceParentTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"

    // The examples of W3C Trace Context, section 3.2.
    @Test(arguments: [
        "00-\(trace)-b7ad6b7169203331-01", "cc-\(trace)-b7ad6b7169203331-01", "cc-\(trace)-b7ad6b7169203331-01-more",
    ])
    func theTraceIsKeptAndTheSpanIsOurs(text: String) throws {
        let parent = try #require(TraceParent(text, span: 0xab))
        #expect(parent.trace == Self.trace)
        #expect(parent.text == "00-\(Self.trace)-00000000000000ab-01")
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-b7ad6b7169203331", "00-\(trace)-b7ad6b7169203331-01-more",
        "ff-\(trace)-b7ad6b7169203331-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-\(trace)-0000000000000000-01", "00-\(trace.uppercased())-b7ad6b7169203331-01",
        "00-\(trace)-b7ad6b716920333-01", "0-\(trace)-b7ad6b7169203331-01", "00-\(trace)-b7ad6b7169203331-0g",
    ])
    func whatIsNoneIsPassedOver(text: String) {
        #expect(TraceParent(text) == nil)
    }
}
