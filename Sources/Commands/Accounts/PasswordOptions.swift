import Accounts
import ArgumentParser
import Foundation

/// The options for reading a password. It is never an argument, because everybody on the machine can see those.
struct PasswordOptions: ParsableArguments {
    @Option(help: "File whose first line is the password; - is standard input. Default: ask on the terminal.")
    var passwordFile: String?

    /// - Throws: `ConfigurationError` when there is no password to read.
    func password() throws -> String {
        guard let passwordFile else { return try prompted() }
        let place = passwordFile == "-" ? "standard input" : passwordFile
        let data: Data
        do {
            let file =
                passwordFile == "-"
                ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: passwordFile))
            data = try file.read(upToCount: PasswordRules.longest + 2) ?? Data()
        } catch {
            throw ConfigurationError("cannot read the password from \(place)")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError("the password in \(place) is not UTF-8")
        }
        return String(text.prefix { !$0.isNewline })
    }

    private func prompted() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            throw ConfigurationError("there is no terminal to ask for the password: use --password-file")
        }
        let first = try Self.ask("Password: ")
        guard try Self.ask("Password again: ") == first else { throw ConfigurationError("the two passwords differ") }
        return first
    }

    /// Asks on the terminal without showing what is typed.
    private static func ask(_ prompt: String) throws -> String {
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else { throw ConfigurationError("cannot use the terminal") }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        FileHandle.standardError.write(Data(prompt.utf8))
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        guard let line = readLine() else { throw ConfigurationError("no password was typed") }
        return line
    }
}
