import ArgumentParser

/// The subcommand that was probably meant by one that does not exist.
enum Suggestion {
    /// A question such as `Did you mean 'hextant datasets list'?`; `nil` when every subcommand is known or none is
    /// near.
    static func text(for arguments: [String], of root: any ParsableCommand.Type) -> String? {
        var command = root
        var path = [name(of: command)]
        for argument in arguments {
            let names = Dictionary(
                command.configuration.subcommands.map { (name(of: $0), $0) }, uniquingKeysWith: { first, _ in first })
            guard !names.isEmpty, !argument.hasPrefix("-") else { return nil }
            guard let next = names[argument] else {
                return Nearest.word(to: argument, among: names.keys).map { name in
                    "Did you mean '\((path + [name]).joined(separator: " "))'?"
                }
            }
            command = next
            path.append(argument)
        }
        return nil
    }

    /// Every command states its name.
    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? ""
    }
}
