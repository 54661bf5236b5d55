import Digest
import Fetch

/// A source whose checkpoints count only for the choices that they were made with, and whose texts are safe to show.
///
/// A feed file can be changed while checkpoints of it are held. With another URL, condition or outline of an area, a
/// part has other rows, of which nothing is held: neither is a tag of the old file sent to the new URL, nor does
/// reading go on after the last of the old rows. Choices that decide only how rows are read, such as the size of a
/// page, may change freely.
struct GuardedSource: FeedSource {
    /// The longest text of a source that is passed on, in letters.
    private static let longestText = 1000

    private let source: any FeedSource
    private let parameters: SourceParameters
    private let fetcher: Fetcher

    init(_ source: any FeedSource, _ parameters: SourceParameters, _ fetcher: Fetcher) {
        self.source = source
        self.parameters = parameters
        self.fetcher = fetcher
    }

    func plan(_ held: [String: Checkpoint]) async throws -> FeedPlan {
        var valid: [String: Checkpoint] = [:]
        for (part, checkpoint) in held { valid[part] = opened(checkpoint, of: part) }
        var plan = try await cleaning { [valid] in try await source.plan(valid) }
        plan.findings = plan.findings.map(clean)
        let changed = plan.parts.count { held[$0.name] != nil && valid[$0.name] == nil }
        if changed > 0 {
            plan.findings.append(
                "the choices of the feed changed: \(changed) of its parts are read from their beginning")
        }
        return plan
    }

    func read(_ part: FeedPart, held: Checkpoint?, into rows: RowFile) async throws -> FetchedPart {
        let valid = held.flatMap { opened($0, of: part.name) }
        var fetched = try await cleaning { try await source.read(part, held: valid, into: rows) }
        fetched.findings = fetched.findings.map(clean)
        fetched.checkpoint.state = closed(fetched.checkpoint.state, of: part.name)
        return fetched
    }

    /// The checkpoint as the source wrote it; `nil` when it was made with other choices. One without a mark is taken.
    private func opened(_ checkpoint: Checkpoint, of part: String) -> Checkpoint? {
        guard let value = try? JSONValue(Array(checkpoint.state.utf8)), let mark = value["of"]?.text,
            let state = value["state"]
        else { return checkpoint }
        guard mark == self.mark(of: part) else { return nil }
        return Checkpoint(version: checkpoint.version, state: state.json)
    }

    private func closed(_ state: String, of part: String) -> String {
        guard let value = try? JSONValue(Array(state.utf8)) else { return state }
        return JSONValue.object([
            .init(name: "of", value: .string(mark(of: part))), .init(name: "state", value: value),
        ]).json
    }

    /// A short digest of the choices that decide which rows a part has.
    private func mark(of part: String) -> String {
        SHA256.hash(parameters.identity(of: part)).prefix(8)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func cleaning<Output: Sendable>(_ body: () async throws -> Output) async throws -> Output {
        do {
            return try await body()
        } catch let error as SourceError {
            throw SourceError(error.code, url: error.url, clean(error.problem))
        }
    }

    /// A text that may quote the source: without secrets, on one line, without characters that steer a terminal.
    private func clean(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in fetcher.hide(text).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        let plain = String(scalars)
        return plain.count > Self.longestText ? plain.prefix(Self.longestText) + "…" : plain
    }
}

extension SourceParameters {
    /// A text of the choices that decide which rows a part has.
    func identity(of part: String) -> String {
        let choices: [String]
        switch self {
        case .ukPolice(let parameters):
            // Parts have the names of forces or areas; another force changes nothing for the others.
            let owner = part.split(separator: "/").first.map(String.init)
            let ring = parameters.areas.first { $0.name == owner }?.ring.text ?? ""
            choices = [parameters.base, parameters.collect.rawValue, parameters.category, ring]
        case .socrata(let parameters):
            choices = [parameters.base, parameters.resource, parameters.condition ?? ""]
        case .ckan(let parameters):
            // Several resources are parts by their ids, and one more changes nothing of the others.
            choices =
                [parameters.base, parameters.resources.count == 1 ? parameters.resources[0] : ""]
                + parameters.filters.flatMap { [$0.column] + $0.values + ["\n"] }
        case .arcgis(let parameters): choices = [parameters.url, parameters.condition]
        case .opendatasoft(let parameters):
            choices = [parameters.base, parameters.resource, parameters.condition ?? ""]
        case .geojson(let parameters):
            choices = [
                parameters.url, "\(parameters.replaces)", parameters.identity ?? "", parameters.version ?? "",
            ]
        case .csv(let parameters): choices = [parameters.url, "\(parameters.replaces)"]
        }
        return ([kind] + choices).map { "\($0.utf8.count):\($0)" }.joined(separator: "\n")
    }
}
