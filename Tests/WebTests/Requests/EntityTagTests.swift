import Testing

@testable import Web

@Suite struct EntityTagTests {
    @Test(arguments: [
        "\"abc-gzip\"", "W/\"abc-gzip\"", "\"x\", \"abc-gzip\"", "\"x\",W/\"abc-gzip\" , \"y\"", "*", " * ",
        "\"with, comma\", \"abc-gzip\"",
    ])
    func aTagAmongThoseOfTheClientIsKnown(header: String) {
        #expect(EntityTag.isKnown("\"abc-gzip\"", ifNoneMatch: header))
    }

    @Test(arguments: [
        "", "\"abc\"", "abc-gzip", "\"abc-gzip", "\"ABC-GZIP\"", "\"abc-gzip-more\"", "\"x, abc-gzip\"",
        "w/\"abc-gzip\"", ",,,", "\"abc\\\"-gzip\"",
    ])
    func othersAreNot(header: String) {
        #expect(!EntityTag.isKnown("\"abc-gzip\"", ifNoneMatch: header))
    }

    @Test func noHeaderKnowsNothing() {
        #expect(!EntityTag.isKnown("\"abc\"", ifNoneMatch: nil))
    }
}
