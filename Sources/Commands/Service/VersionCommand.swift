import ArgumentParser
import CBuild

struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version, the commit and how it was built.")
    @OptionGroup var output: OutputOptions

    func run() async throws { try output.print(Build.this, summary: Build.this.text) }
}

/// The version of this program, and what it was built from.
struct Build: Encodable {
    static let version = "0.1.0"
    static let this = Build()

    let version: String
    /// The commit, with `-dirty` when files were changed; `nil` when the build was not told.
    let commit: String?
    /// The time of the commit in UTC, so that the same commit gives the same program.
    let committed: String?
    let configuration: String
    let compiler: String

    private init() {
        func known(_ text: UnsafePointer<CChar>) -> String? {
            let text = String(cString: text)
            return text.isEmpty ? nil : text
        }
        version = Self.version
        commit = known(hextant_build_commit())
        committed = known(hextant_build_date())
        #if DEBUG
        configuration = "debug"
        #else
        configuration = "release"
        #endif
        #if compiler(>=6.4)
        compiler = "Swift 6.4 or newer"
        #elseif compiler(>=6.3)
        compiler = "Swift 6.3"
        #else
        compiler = "Swift 6.2"
        #endif
    }

    var text: String {
        let origin = commit.map { "commit \($0)\(committed.map { " of \($0)" } ?? "")" } ?? "commit unknown"
        return "hextant \(version), \(origin), \(configuration), \(compiler)"
    }
}
