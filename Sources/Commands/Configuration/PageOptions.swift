import ArgumentParser
import Domain
import PMTiles
import Server
import Web

/// The options for what the page shows under the cells, and for pages that show widgets.
struct PageOptions: ParsableArguments {
    @Option(help: "URL of a MapLibre style that is shown under the cells. [HEXTANT_BASEMAP, none]") var basemap: String?

    @Option(
        help: """
            Origins from which that style loads tiles, glyphs and sprites, besides its own, separated by commas. \
            [HEXTANT_BASEMAP_ORIGINS, none]
            """)
    var basemapOrigins: String?

    @Option(help: "PMTiles file whose tiles are shown under the cells instead. [HEXTANT_BASEMAP_FILE, none]")
    var basemapFile: String?

    @Option(
        help: """
            Origins whose pages may show widgets in a frame, separated by commas, or *. \
            [HEXTANT_EMBED_ORIGINS, none]
            """)
    var embedOrigins: String?

    func basemap(_ settings: Settings) throws -> String? {
        guard let text = settings.text(.basemap, flag: basemap) else { return nil }
        return try WebURL.isLink(text) ? text : settings.refuse(.basemap, flag: basemap, "it \(WebURL.rule)", nil)
    }

    func basemapOrigins(_ settings: Settings) throws -> [String] {
        try origins(.basemapOrigins, basemapOrigins, settings, allowsAll: false)
    }

    func embedOrigins(_ settings: Settings) throws -> [String] {
        try origins(.embedOrigins, embedOrigins, settings, allowsAll: true)
    }

    /// The file of tiles, open.
    /// - Throws: ``ConfigurationError`` for one that cannot be used, or beside a style.
    func basemapFile(_ settings: Settings) throws -> Basemap? {
        guard let path = settings.text(.basemapFile, flag: basemapFile) else { return nil }
        guard settings.text(.basemap, flag: basemap) == nil else {
            return try settings.refuse(
                .basemapFile, flag: basemapFile, "basemap is set as well, and the page shows one of them", nil)
        }
        do {
            return try Basemap(path: path)
        } catch {
            return try settings.refuse(.basemapFile, flag: basemapFile, "\(error)", nil)
        }
    }

    private func origins(
        _ setting: Setting, _ flag: String?, _ settings: Settings, allowsAll: Bool
    ) throws -> [String] {
        guard let text = settings.text(setting, flag: flag) else { return [] }
        switch CrossOrigin(text) {
        case .origins(let origins): return origins.sorted()
        case .any where allowsAll: return ["*"]
        default:
            let all = allowsAll ? "*, or " : ""
            return try settings.refuse(
                setting, flag: flag,
                "it must be \(all)origins as browsers write them, such as https://maps.example.org, with commas",
                [])
        }
    }
}
