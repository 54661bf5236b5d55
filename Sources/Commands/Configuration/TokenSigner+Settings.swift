import Accounts

extension TokenSigner {
    /// Creates a signer from the settings `token_secret` and `previous_token_secret`; `nil` without the first.
    ///
    /// Neither has a flag, because everybody on the machine can see the arguments of a process.
    /// - Throws: `ConfigurationError` for a secret that somebody could guess, except for development.
    init?(_ settings: Settings, isDevelopment: Bool) throws {
        func secret(_ setting: Setting) throws -> TokenSecret? {
            guard let text = settings.text(setting, flag: nil) else { return nil }
            do {
                return try TokenSecret(text, acceptsWeak: isDevelopment)
            } catch {
                throw ConfigurationError("\(setting.rawValue) \(error)")
            }
        }
        guard let current = try secret(.tokenSecret) ?? (isDevelopment ? .random() : nil) else { return nil }
        self.init(current: current, previous: try secret(.previousTokenSecret))
    }
}
