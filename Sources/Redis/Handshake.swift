import NIOCore

/// The first commands on every connection: AUTH and SELECT as configured, and always PING, so that a connection counts
/// only when the server has answered on it.
struct Handshake {
    private enum Step {
        case authenticate(RedisCredentials)
        case select(Int)
        case ping

        var command: RedisCommand {
            switch self {
            case .authenticate(let credentials):
                let names = credentials.user.map { [RedisCommand.Argument.text($0)] } ?? []
                return RedisCommand(["AUTH"] + names + [.text(credentials.password)])
            case .select(let database): return ["SELECT", .integer(database)]
            case .ping: return ["PING"]
            }
        }
    }

    private let configuration: RedisConfiguration
    private let steps: [Step]

    init(configuration: RedisConfiguration) {
        self.configuration = configuration
        var steps = configuration.credentials.map { [Step.authenticate($0)] } ?? []
        if configuration.database != 0 {
            steps.append(.select(configuration.database))
        }
        self.steps = steps + [.ping]
    }

    func submission() -> Submission {
        var bytes = ByteBuffer()
        for step in steps {
            bytes.writeCommand(step.command)
        }
        return Submission(
            bytes: bytes, expected: steps.count, deadline: .now() + TimeAmount(configuration.commandTimeout)
        ) { _ in }
    }

    /// The error of the first step that failed, in plain words; nil if none did.
    func failure(in answer: Submission.Answer) -> RedisError? {
        for (step, result) in zip(steps, answer) {
            if case .failure(let error) = result,
                let failure = error.code == .server ? refusal(of: step, error.message) : error
            {
                return failure
            }
        }
        return nil
    }

    private func refusal(of step: Step, _ message: String) -> RedisError? {
        let address = configuration.address
        switch step {
        case .authenticate:
            return RedisError(
                .authenticationFailed, "Redis at \(address) did not accept the user or password: \(redacted(message))")
        case .ping where message.hasPrefix("NOAUTH"):
            return RedisError(.authenticationFailed, "Redis at \(address) asks for a password, but none is configured")
        case .ping where message.hasPrefix("MISCONF"):
            // The server cannot save to its disk and refuses writes and PING, but it can still be read.
            return nil
        case .select(let database):
            return RedisError(.refused, "Redis at \(address) refused database \(database): \(message)")
        case .ping:
            return RedisError(.refused, "Redis at \(address) is not ready: \(message)")
        }
    }

    /// A message without secrets. A server that does not know AUTH in this form repeats the arguments in its message.
    /// Then only the first word of the message is used.
    private func redacted(_ message: String) -> String {
        guard let password = configuration.credentials?.password, message.contains(password) else { return message }
        return message.split(separator: " ").first.map { $0.contains(password) ? "(hidden)" : String($0) } ?? ""
    }
}
