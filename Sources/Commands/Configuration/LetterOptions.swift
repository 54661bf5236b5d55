import ArgumentParser
import Storage

/// The option for how many dead letters are kept.
struct LetterOptions: ParsableArguments {
    @Option(
        help:
            "How many dead letters to keep of a file, up to 100000000; more are counted. [HEXTANT_DEAD_LETTERS, 10000]"
    )
    var deadLetters: Int?

    func allowance(_ settings: Settings) throws -> LetterAllowance {
        LetterAllowance(
            count: try settings.number(
                .deadLetters, flag: deadLetters, in: 0...100_000_000, default: LetterAllowance.usualCount))
    }
}
