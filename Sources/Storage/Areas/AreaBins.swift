import Areas
import Domain
import Postgres

/// Counts the events of a few consecutive days by area and type, as they are read.
struct AreaBins: Sendable {
    /// The counts of one day. Entry `i` is `counts[i]` events of the type `kinds[kindNumbers[i] - 1]` in the area
    /// `areas[i]`; entries are ordered by area and type.
    struct Day: Hashable, Sendable {
        var kinds: [String] = []
        var areas: [Int32] = []
        var kindNumbers: [Int32] = []
        var counts: [Int32] = []
        /// Events in none of the areas.
        var outside = 0
    }

    let days: ClosedRange<LocalDay>
    /// The counts of each day.
    private(set) var counts: [Day] = []
    private(set) var events = 0
    private let clock: LocalClock
    private let locator: AreaLocator
    private var kinds = KindTable()
    /// The tallies by day; a key is an area and, in its lower half, the number of a type.
    private var tallies: [[UInt64: Int32]]
    private var outside: [Int]
    private var longitudes: [Double] = []
    private var latitudes: [Double] = []
    private var marks: [(offset: Int32, kind: Int32)] = []
    /// How many points are looked up at a time.
    private static let pointsAtOnce = 8192

    private init(days: ClosedRange<LocalDay>, clock: LocalClock, locator: AreaLocator) {
        self.days = days
        self.clock = clock
        self.locator = locator
        let count = days.lowerBound.distance(to: days.upperBound) + 1
        tallies = Array(repeating: [:], count: count)
        outside = Array(repeating: 0, count: count)
        longitudes.reserveCapacity(Self.pointsAtOnce)
        latitudes.reserveCapacity(Self.pointsAtOnce)
        marks.reserveCapacity(Self.pointsAtOnce)
    }

    /// Reads the points of the days from the database and finds their areas on the connection's thread.
    static func load(
        _ connection: PostgresConnection, dataset: Dataset, days: ClosedRange<LocalDay>, locator: AreaLocator,
        sql: SQLFiles
    ) async throws -> AreaBins {
        let clock = try await LocalClock.load(connection, timeZone: dataset.timeZone, days: days, sql: sql)
        let moments = clock.moments(of: days)
        let copy: String = try await connection.query(
            sql[.areaPoints], [dataset.slug, moments.lowerBound, moments.upperBound])[0].get(0)
        let empty = AreaBins(days: days, clock: clock, locator: locator)
        var bins = try await connection.copyOut(copy, into: empty) {
            (bins: inout AreaBins, row: CopyRow) throws(PostgresError) in
            try bins.add(row)
        }
        bins.locate()
        bins.count()
        return bins
    }

    private mutating func add(_ row: CopyRow) throws(PostgresError) {
        var row = row
        let day = clock.day(Instant(microseconds: try row.next(Int64.self) &+ PostgresTimestamp.epoch))
        guard days.contains(day) else { return }
        guard let place = row.nextField(), let point = EWKB.point(place), let kind = row.nextField() else {
            throw PostgresError(.decoding, "a geometry of events is not a point")
        }
        marks.append((Int32(days.lowerBound.distance(to: day)), Int32(kinds.number(of: Array(kind)[...]))))
        longitudes.append(point.longitude)
        latitudes.append(point.latitude)
        if marks.count == Self.pointsAtOnce { locate() }
    }

    private mutating func locate() {
        let areas = locator.areas(longitudes: longitudes, latitudes: latitudes)
        for (area, mark) in zip(areas, marks) {
            if area > 0 {
                let key = UInt64(area) << 32 | UInt64(mark.kind)
                tallies[Int(mark.offset)][key, default: 0] += 1
            } else {
                outside[Int(mark.offset)] += 1
            }
        }
        events += marks.count
        longitudes.removeAll(keepingCapacity: true)
        latitudes.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
    }

    private mutating func count() {
        counts = zip(tallies, outside).map { tally, outside in
            let numbers = Set(tally.keys.map { $0 & 0xFFFF_FFFF })
            // Types are ordered by their bytes, like everywhere, and numbered from 1.
            let named = numbers.map { (name: kinds[Int($0)], number: $0) }
                .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            let places = Dictionary(uniqueKeysWithValues: named.indices.map { (named[$0].number, Int32($0 + 1)) })
            let entries = tally.map { key, count in
                (area: Int32(key >> 32), kind: places[key & 0xFFFF_FFFF] ?? 0, count: count)
            }.sorted { ($0.area, $0.kind) < ($1.area, $1.kind) }
            return Day(
                kinds: named.map(\.name), areas: entries.map(\.area), kindNumbers: entries.map(\.kind),
                counts: entries.map(\.count), outside: outside)
        }
        tallies = []
    }
}
