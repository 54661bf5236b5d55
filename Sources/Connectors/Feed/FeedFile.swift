import Domain
import Fetch
import Foundation
import Jobs
import Yams

/// Reads feeds from YAML files. docs/feeds.md lists their keys.
package enum FeedFile {
    private static let common = [
        "feed", "source", "dataset", "new_dataset", "mapping", "places", "schedule", "time_zone", "expect", "hosts",
        "allow_private", "limits",
    ]

    /// The feeds of a folder, each in a file `NAME.yaml`, by name.
    /// - Throws: ``FeedFault`` for a folder or file that cannot be read, and a feed whose name is not that of its file.
    package static func load(directory: String) throws(FeedFault) -> [Feed] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw FeedFault(file: directory, line: 1, problem: "the folder of feeds cannot be read")
        }
        var feeds: [Feed] = []
        for name in names.sorted() where name.hasSuffix(".yaml") && !name.hasPrefix(".") {
            feeds.append(try load(path: "\(directory)/\(name)"))
        }
        return feeds
    }

    /// The feed of a file.
    package static func load(path: String) throws(FeedFault) -> Feed {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20,
            let text = String(validating: data, as: UTF8.self)
        else { throw FeedFault(file: path, line: 1, problem: "cannot be read, is not UTF-8 or is larger than 1 MiB") }
        let feed = try read(text, path: path)
        let file = path.split(separator: "/").last.map(String.init) ?? path
        guard file == "\(feed.name).yaml" else {
            throw FeedFault(
                file: path, line: 1, problem: "feed: \(feed.name) must be in a file \(feed.name).yaml, not \(file)")
        }
        return feed
    }

    /// The feed of a text.
    package static func read(_ text: String, path: String) throws(FeedFault) -> Feed {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw FeedFault(file: path, line: line(of: error), problem: "is not YAML: \(reason(of: error))")
        } catch {
            throw FeedFault(file: path, line: 1, problem: "is not YAML")
        }
        guard let root else { throw FeedFault(file: path, line: 1, problem: "is empty") }
        let top = try FeedNode(root, file: path)
        let name = try slug(top, "feed", "a name for the feed")
        let (source, pace, limits) = try parameters(top)
        let own = try source.texts(top)
        var hosts = try top.texts("hosts") ?? []
        for host in hosts where (try? hostAndPort(of: "https://\(host)/")) != host {
            throw top.fault("hosts", "\"\(host)\" must be a host such as data.example.org, or host:port")
        }
        for (key, url) in own {
            do {
                hosts.append(try hostAndPort(of: url))
            } catch {
                throw top.fault(key, error.problem)
            }
        }
        let dataset = try slug(top, "dataset", "the slug of the dataset that it fills")
        let folder = URL(filePath: path).deletingLastPathComponent()
        func beside(_ name: String) -> String { URL(filePath: name, relativeTo: folder).path }
        let mapping = try top.requiredText("mapping", "a mapping that says how rows become events")
        return Feed(
            name: name, dataset: dataset,
            // As a command takes it: a name with a slash or an ending is a file, here beside that of the feed.
            mapping: mapping.contains("/") || mapping.hasSuffix(".yaml") ? beside(mapping) : mapping,
            places: try top.text("places").map(beside), newDataset: try newDataset(top, dataset),
            schedule: try schedule(top), expect: try expectation(top),
            access: SourceAccess(
                hosts: AllowedHosts(hosts, allowPrivate: try top.flag("allow_private")), pace: try self.pace(top, pace),
                limits: try self.limits(top, limits)),
            source: source)
    }

    private static func parameters(
        _ top: FeedNode
    ) throws(FeedFault) -> (SourceParameters, pace: PaceLimit, limits: FetchLimits) {
        let kinds = SourceParameters.kinds.joined(separator: ", ")
        let kind = try top.requiredText("source", "one of \(kinds)")
        func known(_ keys: [String]) throws(FeedFault) { try top.refuseOthers(than: common + keys) }
        switch kind {
        case "uk-police":
            try known(UKPoliceParameters.keys)
            // The source's own limits, and answers that may take over a minute: data.police.uk/docs/api-call-limits.
            return (
                .ukPolice(try UKPoliceParameters(top)), PaceLimit(requests: 15, window: .seconds(1), burst: 30),
                FetchLimits(head: .seconds(120))
            )
        case "socrata":
            try known(SocrataParameters.keys)
            return (.socrata(try SocrataParameters(top)), PaceLimit(), FetchLimits(head: .seconds(60)))
        case "ckan":
            try known(CKANParameters.keys)
            return (.ckan(try CKANParameters(top)), PaceLimit(), FetchLimits(head: .seconds(60)))
        case "arcgis":
            try known(ArcGISParameters.keys)
            return (.arcgis(try ArcGISParameters(top)), PaceLimit(), FetchLimits(head: .seconds(60)))
        case "opendatasoft":
            try known(OpendatasoftParameters.keys)
            return (.opendatasoft(try OpendatasoftParameters(top)), PaceLimit(), FetchLimits(head: .seconds(60)))
        case "geojson":
            try known(GeoJSONParameters.keys)
            return (.geojson(try GeoJSONParameters(top)), PaceLimit(), FetchLimits())
        case "csv":
            try known(CSVParameters.keys)
            return (.csv(try CSVParameters(top)), PaceLimit(), FetchLimits())
        default: throw top.fault("source", "\"\(kind)\" is not a kind of source; the kinds are: \(kinds)")
        }
    }

    private static func slug(_ top: FeedNode, _ key: String, _ meaning: String) throws(FeedFault) -> Slug {
        guard let slug = Slug(try top.requiredText(key, meaning)) else { throw top.fault(key, "must be \(Slug.form)") }
        return slug
    }

    /// The dataset that a feed describes, with the slug that it fills.
    private static func newDataset(_ top: FeedNode, _ slug: Slug) throws(FeedFault) -> Dataset? {
        guard let node = try top.child("new_dataset"), let value = top.node("new_dataset") else { return nil }
        try node.refuseOthers(than: DatasetDescription.keys.filter { $0 != "slug" })
        do {
            var description = try YAMLDecoder().decode(DatasetDescription.self, from: value)
            description.slug = slug
            return try description.dataset()
        } catch let error as DatasetDescriptionError {
            throw top.fault("new_dataset", error.description)
        } catch let error as DecodingError {
            throw top.fault("new_dataset", DatasetDescriptionError(error).description)
        } catch {
            throw top.fault("new_dataset", "cannot be read")
        }
    }

    private static func schedule(_ top: FeedNode) throws(FeedFault) -> CronExpression? {
        guard let text = try top.text("schedule") else {
            if top.has("time_zone") { throw top.fault("time_zone", "needs a schedule that it is for") }
            return nil
        }
        do {
            return try CronExpression(text, timeZone: try top.text("time_zone") ?? "UTC")
        } catch let error as CronError {
            throw top.fault("schedule", error.description)
        } catch let error as FeedFault {
            throw error
        } catch {
            throw top.fault("schedule", "cannot be read")
        }
    }

    private static func expectation(_ top: FeedNode) throws(FeedFault) -> FeedExpectation {
        guard let node = try top.child("expect") else { return FeedExpectation() }
        try node.refuseOthers(than: ["rows", "row_change", "fresh_days", "valid_share", "columns"])
        var expect = FeedExpectation()
        if let rows = try node.numbers("rows") {
            guard rows.count == 2, let first = Int(exactly: rows[0]), let last = Int(exactly: rows[1]), first >= 0,
                first <= last
            else { throw node.fault("rows", "must be the least and the greatest number of rows, such as [1, 60000]") }
            expect.rows = first...last
        }
        expect.freshDays = try node.integer("fresh_days", in: 1...36_500)
        expect.validShare = try node.number("valid_share", in: 0...1)
        expect.rowChange = try node.number("row_change", in: 0...1000)
        expect.columns = try node.children("columns").map(FeedFile.column)
        guard expect.columns.count <= Expectations.mostColumns,
            Set(expect.columns.map(\.name)).count == expect.columns.count
        else { throw node.fault("columns", "must be at most \(Expectations.mostColumns), each described once") }
        return expect
    }

    private static func column(_ node: FeedNode) throws(FeedFault) -> ColumnExpectation {
        try node.refuseOthers(than: ["column", "type", "range", "in", "required", "unique"])
        let name = try node.requiredText("column", "the name of a column")
        let type = try node.text("type")
        let range = try node.numbers("range")
        let allowed = try node.texts("in")
        let isRequired = try node.flag("required")
        let isUnique = try node.flag("unique")
        do throws(ExpectationFault) {
            return try ColumnExpectation(
                name: name, kind: type, range: range, allowed: allowed, isRequired: isRequired, isUnique: isUnique)
        } catch {
            throw node.fault(error.key, error.problem)
        }
    }

    private static func pace(_ top: FeedNode, _ usual: PaceLimit) throws(FeedFault) -> PaceLimit {
        guard let node = try top.child("limits") else { return usual }
        try node.refuseOthers(than: ["requests", "seconds", "burst", "answer_seconds", "idle_seconds", "bytes"])
        guard let requests = try node.integer("requests", in: 1...1_000_000) else {
            for key in ["seconds", "burst"] where node.has(key) {
                throw node.fault(key, "needs the number of requests that it is for")
            }
            return usual
        }
        return PaceLimit(
            requests: requests, window: .seconds(try node.integer("seconds", in: 1...86_400) ?? 1),
            burst: try node.integer("burst", in: 1...1_000_000))
    }

    private static func limits(_ top: FeedNode, _ usual: FetchLimits) throws(FeedFault) -> FetchLimits {
        guard let node = try top.child("limits") else { return usual }
        var limits = usual
        if let seconds = try node.integer("answer_seconds", in: 1...3600) { limits.head = .seconds(seconds) }
        if let seconds = try node.integer("idle_seconds", in: 1...3600) { limits.idle = .seconds(seconds) }
        if let bytes = try node.integer("bytes", in: 1...(1 << 40)) { limits.bytes = bytes }
        return limits
    }

    /// The host of a URL in which secrets may stand, but not as its host.
    private static func hostAndPort(of url: String) throws(FeedURLFault) -> String {
        guard url.hasPrefix("https://") else { throw FeedURLFault(problem: "must begin with https://") }
        let rest = url.dropFirst("https://".count)
        let authority = rest.prefix { !"/?#".contains($0) }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        let isName = parts.first.map { name in
            !name.isEmpty
                && name.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"), UInt8(ascii: "."):
                        true
                    default: false
                    }
                }
        }
        guard parts.count <= 2, isName == true, parts.count == 1 || (1...65_535).contains(Int(parts[1]) ?? 0) else {
            throw FeedURLFault(problem: "must have a host in lower case, perhaps with a port, and nothing before it")
        }
        return String(authority)
    }

    private static func line(of error: YamlError) -> Int {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: 1
        }
    }

    private static func reason(of error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        default: "it cannot be read"
        }
    }
}

private struct FeedURLFault: Error {
    let problem: String
}

extension SourceParameters {
    /// The URLs that requests begin with, by their keys; a default stands under `source`.
    fileprivate func texts(_ top: FeedNode) throws(FeedFault) -> [(key: String, url: String)] {
        let (key, url, others): (String, String, [(String, String?)]) =
            switch self {
            case .ukPolice(let parameters): ("base", parameters.base, [])
            case .socrata(let parameters): ("base", parameters.base, [("token", parameters.token)])
            case .ckan(let parameters): ("base", parameters.base, [])
            case .arcgis(let parameters): ("url", parameters.url, [("token", parameters.token)])
            case .opendatasoft(let parameters): ("base", parameters.base, [("key", parameters.key)])
            case .geojson(let parameters): ("url", parameters.url, [])
            case .csv(let parameters): ("url", parameters.url, [])
            }
        for (key, text) in [(key, url)] + others.compactMap({ pair in pair.1.map { (pair.0, $0) } }) {
            do {
                _ = try Secrets.names(in: text)
            } catch {
                throw top.fault(key, error.problem)
            }
        }
        for (key, text) in others {
            guard let text, !text.hasPrefix("${") || !text.hasSuffix("}") else { continue }
            throw top.fault(key, "is a secret: write ${NAME} and set \(Secrets.prefix)NAME in the environment")
        }
        return [(top.has(key) ? key : "source", url)]
    }
}
