import Digest
import Fetch
import Synchronization

/// Reads data.police.uk, month by month.
///
/// The months come from the source's own list. Each force and month, or area and month, is a part, whose rows are read
/// whole. When the source says that it was renewed, the newest months are read again, and stored only if their rows
/// differ from those that are held.
struct UKPoliceSource: FeedSource {
    /// A GET longer than 4,094 characters is refused (data.police.uk/docs/method/crime-street).
    static let longestURL = 4000
    /// How often an area with too many crimes is cut in two: 2^8 pieces at most.
    static let mostCuts = 8

    private let parameters: UKPoliceParameters
    private let access: SourceAccess
    private let pages: RowPages

    init(_ parameters: UKPoliceParameters, _ access: SourceAccess, _ pages: RowPages) {
        self.parameters = parameters
        self.access = access
        self.pages = pages
    }

    func plan(_ held: [String: Checkpoint]) async throws -> FeedPlan {
        let months = try await months(cache: .ifConfirmed)
        let version = try await version()
        var plan = FeedPlan()
        let newest = Set(months.map(\.month).sorted(by: >).prefix(parameters.recheck))
        for (month, forces) in months.sorted(by: { $0.month > $1.month }) {
            for owner in owners where !parameters.collect.isByForce || forces.contains(owner) || isOfCrimes {
                plan.offered += 1
                let part = FeedPart("\(owner)/\(month)", version: version)
                // A month that was dropped when it was asked for is not held, should it come back.
                guard let held = held[part.name], held.state != "{}" else {
                    plan.parts.append(part)
                    continue
                }
                if held.version != version, newest.contains(month) { plan.parts.append(part) }
            }
        }
        if months.isEmpty { plan.findings.append("the source offers no month at all") }
        for force in parameters.forces where !isOfCrimes && !months.contains(where: { $0.forces.contains(force) }) {
            plan.findings.append("the source offers no month of the force \(force)")
        }
        return plan
    }

    func read(_ part: FeedPart, held: Checkpoint?, into rows: RowFile) async throws -> FetchedPart {
        let names = part.name.split(separator: "/")
        guard names.count == 2, let month = Month(String(names[1])) else {
            throw SourceError(.missing, url: parameters.base, "there is no part \(part.name)")
        }
        let owner = String(names[0])
        let retrieved = pages.fetcher.date
        let tally = RowTally(owner: owner, month: month, isOfStops: parameters.collect.isOfStops)
        let first = try request(owner, month, ring(owner))
        let (before, mark) = (tally.mark, rows.mark)
        var requests: Int
        do {
            requests = try await read(first, owner, month, ring(owner), tally, isSure: false, into: rows)
        } catch Trouble.noSuchMonth {
            guard try await months(cache: .never).contains(where: { $0.month == month }) else {
                return FetchedPart(
                    checkpoint: Checkpoint(version: part.version, state: held?.state ?? "{}"), contents: .nothing,
                    url: first.url.shown, retrieved: retrieved, requests: 2,
                    findings: ["the source has dropped \(part.name) since it listed it"])
            }
            tally.rewind(to: before)
            try rows.rewind(to: mark)
            requests = 2
            requests += try await read(first, owner, month, ring(owner), tally, isSure: true, into: rows)
        }
        let state = #"{"rows":\#(tally.count),"digest":"\#(tally.digest)"}"#
        return FetchedPart(
            checkpoint: Checkpoint(version: part.version, state: state),
            contents: held?.state == state ? .nothing : .whole(isFirst: true, isLast: true), url: first.url.shown,
            retrieved: retrieved, requests: requests)
    }

    private var isOfCrimes: Bool { !parameters.collect.isOfStops }

    private var owners: [String] { parameters.collect.isByForce ? parameters.forces : parameters.areas.map(\.name) }

    private func ring(_ owner: String) -> Ring? { parameters.areas.first { $0.name == owner }?.ring }

    /// A meaning of a status besides its usual one.
    private enum Trouble: Error {
        /// The area has more rows than the source gives at once: 503, whereas its network says by 503 and a page for
        /// people that it is down.
        case tooMany
        /// The source no longer keeps the month, for which it has 404 and 500, or it has failed: its list tells.
        case noSuchMonth
    }

    /// Reads the rows of a force, or of an area: in pieces when it has more than the source gives at once (10,000
    /// crimes).
    /// - Parameter isSure: Whether the source has just listed the month.
    /// - Returns: How many requests it took.
    private func read(
        _ request: FetchRequest, _ owner: String, _ month: Month, _ ring: Ring?, _ tally: RowTally, isSure: Bool,
        cuts: Int = 0, into rows: RowFile
    ) async throws -> Int {
        let url = request.url.shown
        let before = tally.mark
        var request = request
        if ring != nil { request.accepted.insert(503) }
        if !isSure { request.accepted.formUnion([404, 500]) }
        do {
            _ = try await pages.read(
                request, path: [], into: rows,
                begin: { tally.rewind(to: before) },
                head: { head in
                    switch head.status {
                    case 404, 500: throw Trouble.noSuchMonth
                    case 503 where head.mediaType != "text/html": throw Trouble.tooMany
                    case 503: throw FetchError(.status, url: url, "the source answered 503", status: 503)
                    default: break
                    }
                },
                row: { try tally.row($0, url: url) })
            return 1
        } catch Trouble.tooMany {
            guard let ring, cuts < Self.mostCuts else {
                throw SourceError(
                    .refused, url: url, "the area \(owner) has too many rows even in \(1 << Self.mostCuts) pieces")
            }
            var requests = 1
            for half in ring.halves {
                let request = try self.request(owner, month, half)
                requests += try await read(
                    request, owner, month, half, tally, isSure: isSure, cuts: cuts + 1, into: rows)
            }
            return requests
        }
    }

    private func request(_ owner: String, _ month: Month, _ ring: Ring?) throws -> FetchRequest {
        var path = "/\(parameters.collect.rawValue)"
        var query = [("date", "\(month)")]
        if parameters.collect == .crimesStreet { path += "/\(parameters.category)" }
        if parameters.collect == .crimesNoLocation { query.append(("category", parameters.category)) }
        if let ring { query.append(("poly", ring.text)) } else { query.append(("force", owner)) }
        let text = QueryText.encoded(query.map { (name: $0.0, value: $0.1) })
        let base = try pages.fetcher.fill(parameters.base)
        guard base.sent.utf8.count + path.utf8.count + text.utf8.count < Self.longestURL else {
            var request = FetchRequest(base + path, source: "uk-police", access: access)
            request.method = .post
            request.form = text
            return request
        }
        return FetchRequest(base + "\(path)?\(text)", source: "uk-police", access: access)
    }

    /// The months that the source has, each with the forces whose stops it has.
    private func months(cache: FetchRequest.CacheUse) async throws -> [(month: Month, forces: Set<String>)] {
        var request = FetchRequest(
            try pages.fetcher.fill(parameters.base) + "/crimes-street-dates", source: "uk-police", access: access)
        request.cache = cache
        let (value, _) = try await pages.document(request)
        guard case .array(let entries) = value else {
            throw SourceError(.shape, url: request.url.shown, "the list of months is not an array")
        }
        return entries.compactMap { entry in
            guard let month = entry["date"]?.text.flatMap({ Month($0) }) else { return nil }
            if let from = parameters.from, month < from { return nil }
            if let to = parameters.to, month > to { return nil }
            guard case .array(let forces)? = entry["stop-and-search"] else { return (month, []) }
            return (month, Set(forces.compactMap(\.text)))
        }
    }

    /// The date of the last renewal.
    private func version() async throws -> String {
        var request = FetchRequest(
            try pages.fetcher.fill(parameters.base) + "/crime-last-updated", source: "uk-police", access: access)
        request.cache = .ifConfirmed
        let (value, _) = try await pages.document(request)
        guard let date = value["date"]?.text else {
            throw SourceError(.shape, url: request.url.shown, "the date of the last renewal is missing")
        }
        return date
    }
}

/// Counts and names the rows of a part.
///
/// Stops have no id, and whole records repeat, so a stop is known by all its fields, its force and month, and its
/// number among those that are equal. The order of fields and of rows does not matter.
final class RowTally: Sendable {
    struct State: Sendable {
        var count = 0
        /// How many equal rows there were before, by the digest of their fields.
        var equals: [[UInt8]: Int] = [:]
        /// Ids of crimes, which come again from the pieces of an area that touch.
        var ids: Set<Int64> = []
        /// The sum of the digests of the rows, which does not depend on their order.
        var sum: [UInt64] = [0, 0, 0, 0]
    }

    /// A month of the largest force has some 60,000 stops, an area and month some 10,000 crimes a piece.
    static let mostRows = 2_000_000

    private let owner: String
    private let month: Month
    private let isOfStops: Bool
    private let state = Mutex(State())

    init(owner: String, month: Month, isOfStops: Bool) {
        self.owner = owner
        self.month = month
        self.isOfStops = isOfStops
    }

    var mark: State { state.withLock { $0 } }

    func rewind(to mark: State) { state.withLock { $0 = mark } }

    var count: Int { state.withLock { $0.count } }

    var digest: String {
        state.withLock { state in
            state.sum.map { word in
                let text = String(word, radix: 16)
                return String(repeating: "0", count: 16 - text.count) + text
            }.joined()
        }
    }

    /// The row to write; `nil` for a crime that was there before.
    func row(_ bytes: ArraySlice<UInt8>, url: String) throws(SourceError) -> [UInt8]? {
        let value: JSONValue
        do {
            value = try JSONValue(bytes)
        } catch {
            throw SourceError(.shape, url: url, "a row \(error.problem)")
        }
        guard case .object(let read) = value else { return nil }
        var members = read.compactMap(Self.tidied)
        var canonical = Array("\(owner)\n\(month)\n".utf8)
        JSONValue.object(members).append(to: &canonical, sorted: true)
        let digest = Self.sha256(canonical)
        let id = value["id"]?.integer
        let number: Int? = try state.withLock { state throws(SourceError) in
            if !isOfStops, let id, !state.ids.insert(id).inserted { return nil }
            state.count += 1
            guard state.count <= Self.mostRows else {
                throw SourceError(.shape, url: url, "a month has more than \(Self.mostRows) rows")
            }
            for word in 0..<4 {
                let part = digest[8 * word..<8 * word + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                state.sum[word] &+= part
            }
            guard isOfStops else { return 1 }
            state.equals[digest, default: 0] += 1
            return state.equals[digest]
        }
        guard let number else { return nil }
        if isOfStops {
            let name = digest.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            members.append(.init(name: "_id", value: .string(number == 1 ? name : "\(name).\(number)")))
        }
        members.append(.init(name: "_part", value: .string(owner)))
        members.append(.init(name: "_month", value: .string(month.description)))
        var text: [UInt8] = []
        JSONValue.object(members).append(to: &text)
        return text
    }

    /// A field without the several forms in which the source says "nothing": `false` and `""` of an outcome, an object
    /// of blanks, null. They differ between months, and a record must stay the same.
    private static func tidied(_ member: JSONValue.Member) -> JSONValue.Member? {
        switch member.value {
        case .null: return nil
        case .string(""): return nil
        case .bool(false) where member.name == "outcome": return nil
        case .object(let members):
            let rest = members.compactMap(tidied)
            return rest.isEmpty ? nil : .init(name: member.name, value: .object(rest))
        default: return member
        }
    }

    private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        let hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.finalize()
    }
}
