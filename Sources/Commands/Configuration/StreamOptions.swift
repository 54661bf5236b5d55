import ArgumentParser
import Connectors
import Domain
import Foundation
import Streams

/// The folder of streams, as all commands find it.
struct StreamOptions: ParsableArguments {
    @Option(help: "Folder of stream files, see docs/streams.md. [HEXTANT_STREAMS]") var streams: String?

    /// All streams, or those with the given names.
    /// - Throws: ``ConfigurationError`` without a folder and for files that cannot be used, `ValidationError` for a
    ///   name without a stream.
    func load(_ settings: Settings, names: [String] = []) throws -> [MessageStream] {
        guard let folder = settings.text(.streams, flag: streams) else {
            throw ConfigurationError(
                "there is no folder of streams: name it by --streams, \(Setting.streams.environmentName) or streams: "
                    + "in the file of settings")
        }
        let all: [MessageStream]
        do {
            all = try StreamFile.load(directory: folder)
        } catch {
            throw ConfigurationError("\(error)")
        }
        guard !names.isEmpty else { return all }
        return try names.map { name in
            guard let stream = all.first(where: { $0.name.text == name }) else {
                let known = all.map(\.name.text)
                let meant = Nearest.word(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
                throw ValidationError(
                    "there is no stream \"\(name)\"\(meant); the streams are: \(known.joined(separator: ", "))")
            }
            return stream
        }
    }
}
