import Tiles

extension ResolutionByZoom {
    /// The table from the settings, or the default one.
    init(_ settings: Settings, flag: String?) throws {
        guard let text = settings.text(.resolutionByZoom, flag: flag) else {
            self = .usual
            return
        }
        do {
            try self.init(text)
        } catch {
            self = try settings.refuse(.resolutionByZoom, flag: flag, "\(error)", .usual)
        }
    }
}
