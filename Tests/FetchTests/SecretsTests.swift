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

    @Test func everyFormOfASecretIsCleared() {
        let secrets = Secrets(environment: ["HEXTANT_SECRET_KEY": "a/b+c=é?"])
        let texts = [
            "plain a/b+c=é?.", "encoded a%2Fb%2Bc%3D%C3%A9%3F.", "small a%2fb%2bc%3d%c3%a9%3f.", #"json a\/b+c=é?."#,
        ]
        #expect(texts.map { secrets.hide($0) } == ["plain", "encoded", "small", "json"].map { "\($0) ${KEY}." })
    }

    @Test(arguments: [
        ("key s3cr3t-and-m", "key ${LONG}"), ("key s3cr", "key ${LONG}"), ("key s3c", "key s3c"),
        ("all s3cr3t", "all ${NYC_TOKEN}"), ("s3cr3t and s3cr", "${NYC_TOKEN} and ${LONG}"),
    ])
    func aPieceOfASecretAtACutEndIsClearedToo(_ text: String, _ shown: String) {
        // Which of two secrets the piece belongs to does not matter.
        let hidden = secrets.hide(text, isCut: true).replacing("${NYC_TOKEN}", with: "${LONG}")
        #expect(hidden == shown.replacing("${NYC_TOKEN}", with: "${LONG}"))
    }

    @Test func aTextThatIsWholeMayEndLikeASecretBegins() {
        #expect(secrets.hide("a word that ends in s3cr") == "a word that ends in s3cr")
    }

    @Test(arguments: ["two\nlines", "tab\t", "naïve", "\u{7F}"])
    func aSecretThatCannotBeSentIsRefusedWithoutBeingShown(_ value: String) {
        let secrets = Secrets(environment: ["HEXTANT_SECRET_KEY": value])
        let error = #expect(throws: FetchError.self) { try secrets.fill("https://h/${KEY}") }
        #expect(error?.code == .secret)
        #expect(error?.description.contains("HEXTANT_SECRET_KEY") == true)
        #expect(error?.description.contains(value) == false)
    }

    @Test func aNameWithinASecretIsAPartOfIt() throws {
        let secrets = Secrets(environment: ["HEXTANT_SECRET_A": "${B}", "HEXTANT_SECRET_B": "b"])
        #expect(try secrets.fill("${A}-${B}").sent == "${B}-b")
    }

    @Test func printingShowsNamesAlone() {
        for text in ["\(secrets)", String(reflecting: secrets)] {
            #expect(!text.contains("s3cr3t"))
            #expect(text.contains("NYC_TOKEN"))
        }
    }
}
