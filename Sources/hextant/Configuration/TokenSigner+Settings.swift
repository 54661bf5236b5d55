import Accounts

extension TokenSigner {
    /// What signs by the settings `token_secret` and `previous_token_secret`; `nil` without the first.
    ///
    /// Neither is a flag: what is in the arguments of a process is seen by everybody on the machine.
    /// - Throws: `ConfigurationError` for a secret that somebody could guess, unless for development.
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
