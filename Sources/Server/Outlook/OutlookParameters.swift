import Domain
import Tiles
import Web

/// The parameters that choose an outlook: the last day that it knows, the period, the kind of events, and classes.
struct OutlookParameters {
    /// The names of those that tiles take as well.
    static let ofTiles = ["as_of", "period", "kind", "class"]

    private let asOf: NamedDay?
    let period: OutlookPeriod
    let kind: EventKind
    /// The classes; empty for all.
    let classes: Set<HotSpotClass>

    /// Parses the parameters. Faults are collected in `parameters`.
    /// - Parameter withClasses: Whether `class` is a list of classes on this path.
    init(_ parameters: inout QueryParameters, withClasses: Bool = true) {
        asOf = parameters.namedDay("as_of")
        period = parameters.outlookPeriod() ?? .usual
        kind = parameters.eventKind() ?? .all
        classes = withClasses ? parameters.hotSpotClasses() ?? [] : []
    }

    /// Parses the parameters of a tile, or of a description of tiles; `nil` for tiles without an outlook. Parameters
    /// that go with other layers are faults.
    init?(tile parameters: inout QueryParameters, _ layers: TileLayers) {
        let ofOthers = layers == .outlook ? ["date", "from", "to", "level"] : Self.ofTiles
        for name in ofOthers where parameters.text(name) != nil {
            parameters.reject(
                name, layers == .outlook ? "does not go with layers=outlook" : "goes with layers=outlook")
        }
        guard layers == .outlook else { return nil }
        self.init(&parameters)
    }

    /// The last day that the outlook knows; `nil` where nothing is served.
    func day(of status: DatasetStatus) -> LocalDay? {
        switch asOf {
        case nil, .latest: status.outlookDays.first
        case .date(let day): day
        case .yesterday: LocalCalendar(of: status.dataset).today.advanced(by: -1)
        }
    }

    /// Whether a day was asked for.
    var hasDay: Bool { asOf != nil }

    /// Whether it is another day tomorrow, even if nothing is refreshed until then.
    var movesWithTheClock: Bool { asOf?.movesWithTheClock ?? false }
}

extension QueryParameters {
    fileprivate mutating func outlookPeriod() -> OutlookPeriod? {
        let known = OutlookPeriod.allCases.map { String($0.rawValue) }
        return parsed("period", "one of \(known.joined(separator: ", ")) days") { text in
            known.contains(text) ? Int(text).flatMap(OutlookPeriod.init(rawValue:)) : nil
        }
    }

    mutating func eventKind() -> EventKind? {
        parsed("kind", "all, or the name of a group of event types: 1 to 63 of a-z, 0-9, - and _") { EventKind($0) }
    }

    /// Parses classes, where hot and cold stand for all of their side. Empty for all of them.
    fileprivate mutating func hotSpotClasses() -> Set<HotSpotClass>? {
        let all = HotSpotClass.allCases
        let words = all.map(\.rawValue) + ["hot", "cold"]
        let classes = parsed("class", "one or more of \(words.joined(separator: ", ")), with commas") { text in
            text.split(separator: ",", omittingEmptySubsequences: false).reduce(Set<HotSpotClass>?.some([])) {
                found, word in
                switch word {
                case "hot": found?.union(all.filter(\.isHot))
                case "cold": found?.union(all.filter(\.isCold))
                default: HotSpotClass(rawValue: String(word)).flatMap { found?.union([$0]) }
                }
            }
        }
        return classes?.count == all.count ? [] : classes
    }

    /// Parses words for a change. Empty for all of them.
    mutating func countTrends() -> Set<CountTrend> {
        let all = CountTrend.allCases
        let trends = parsed("trend", "one or more of \(all.map(\.rawValue).joined(separator: ", ")), with commas") {
            text -> Set<CountTrend>? in
            let words = text.split(separator: ",", omittingEmptySubsequences: false)
            let known = words.compactMap { CountTrend(rawValue: String($0)) }
            return known.count == words.count ? Set(known) : nil
        }
        guard let trends, trends.count < all.count else { return [] }
        return trends
    }
}
