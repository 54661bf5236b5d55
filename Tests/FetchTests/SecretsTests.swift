import Testing

@testable import Fetch

@Suite struct SecretsTests {
    private let secrets = Secrets(environment: [
        "HEXTANT_SECRET_NYC_TOKEN": "s3cr3t", "HEXTANT_SECRET_LONG": "s3cr3t-and-more", "HEXTANT_SECRET_BLANK": "",
        "PATH": "/usr/bin", "HEXTANT_DATABASE_URL": "postgres://u:p@h/d",
    ])

    @Test func aNameIsReplacedInWhatIsSentAndNotInWhatIsShown() throws {
        let text = try secrets.fill("https://h/${NYC_TOKEN}/x?k=${LONG}")
        #expect(text.sent == "https://h/s3cr3t/x?k=s3cr3t-and-more")
        #expect(text.shown == "https://h/${NYC_TOKEN}/x?k=${LONG}")
        #expect("\(text)" == text.shown)
    }

    @Test(arguments: ["${PATH}", "${HEXTANT_DATABASE_URL}", "${BLANK}", "${OTHER}"])
    func nothingElseOfTheEnvironmentCanBeSent(_ text: String) {
        #expect(throws: FetchError.self) { try secrets.fill(text) }
    }

    @Test(arguments: ["${", "${A", "${}", "${a}", "${A B}", "x${A-B}"])
    func whatIsNoNameIsRefused(_ text: String) {
        #expect(throws: FetchError.self) { try secrets.fill(text) }
    }

    @Test func textsOfTheSourceAreCleared() {
        #expect(secrets.hide("bad key s3cr3t-and-more, s3cr3t") == "bad key ${LONG}, ${NYC_TOKEN}")
    }

    @Test func printingShowsNamesAlone() {
        for text in ["\(secrets)", String(reflecting: secrets)] {
            #expect(!text.contains("s3cr3t"))
            #expect(text.contains("NYC_TOKEN"))
        }
    }
}
