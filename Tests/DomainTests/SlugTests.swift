import Domain
import Foundation
import Testing

struct SlugTests {
    @Test(arguments: ["a", "0", "toronto", "2021", "a-b_c", "a-", "a_", String(repeating: "z", count: 63)])
    func aSlugIsItsText(_ text: String) throws {
        let slug = try #require(Slug(text))
        #expect(slug.text == text)
        #expect("\(slug)" == text)
    }

    @Test(arguments: [
        "", "-a", "_a", "A", "Toronto", "a b", "a.b", "a/b", "a:b", "a*", "a\n", "\u{0}", "é", "a\u{301}", "٣", "ａ",
        String(repeating: "a", count: 64),
    ])
    func otherTextsAreNone(_ text: String) {
        #expect(Slug(text) == nil)
    }

    @Test func partsOfATextAreRead() throws {
        let parts = "hextant:toronto".split(separator: ":")
        #expect(try #require(Slug(parts[1])).text == "toronto")
    }

    /// ASCII: the hyphen comes before digits, these before the underscore, and that before letters.
    @Test func slugsAreInTheOrderOfTheirBytes() {
        let slugs = ["b", "a_", "aa", "a-", "a0", "a"].compactMap { Slug($0) }
        #expect(slugs.sorted().map(\.text) == ["a", "a-", "a0", "a_", "aa", "b"])
    }

    @Test(arguments: [#""Toronto""#, #""""#, #""a b""#])
    func aDescriptionWithAnotherTextNamesTheField(_ text: String) {
        let error = #expect(throws: DatasetDescriptionError.self) {
            try JSONDecoder().decode(DatasetDescription.self, from: Data("{\"slug\": \(text)}".utf8))
        }
        #expect(error?.field == "slug")
        #expect(error?.message.hasSuffix(Slug.form) == true)
    }
}
