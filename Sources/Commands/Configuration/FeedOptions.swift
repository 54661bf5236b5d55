import ArgumentParser
import Connectors
import Foundation

/// The options of a process that reads feeds.
struct FeedOptions: ParsableArguments {
    @Option(help: "Folder of feed files, see docs/feeds.md. [HEXTANT_FEEDS, none]") var feeds: String?

    @Option(
        help: "PEM file of certificates that are trusted at sources besides those of the system. [HEXTANT_FEED_AUTHORITY]"
    )
    var feedAuthority: String?

    /// The feeds of the folder that is set; none without one.
    /// - Throws: ``ConfigurationError`` for a folder or file that cannot be used.
    func load(_ settings: Settings) throws -> [Feed] {
        guard let folder = settings.text(.feeds, flag: feeds) else { return [] }
        return try settings.collecting([]) { try Self.feeds(in: folder) }
    }

    /// The path of the file of certificates.
    /// - Throws: ``ConfigurationError`` when it cannot be read.
    func authority(_ settings: Settings) throws -> String? {
        guard let path = settings.text(.feedAuthority, flag: feedAuthority) else { return nil }
        guard FileManager.default.isReadableFile(atPath: path) else {
            return try settings.refuse(.feedAuthority, flag: feedAuthority, "it cannot be read", nil)
        }
        return path
    }

    /// - Throws: ``ConfigurationError`` for a folder or file that cannot be used.
    static func feeds(in folder: String) throws -> [Feed] {
        do {
            return try FeedFile.load(directory: folder)
        } catch {
            throw ConfigurationError("\(error)")
        }
    }
}
