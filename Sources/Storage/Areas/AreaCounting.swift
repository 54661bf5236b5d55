import Areas
package import Domain
package import Postgres

/// Counts the events of a dataset by area, day and type. Only the events of days are read whose version has changed
/// since they were counted.
package struct AreaCounting: Sendable {
    package struct Outcome: Sendable {
        package let layer: Slug
        /// The days that were counted again or are no longer there, and the events that were read for them.
        package let days: Int
        package let eventsRead: Int
        /// The counts as they are now.
        package let counts: AreaCounts
    }

    /// The days that one transaction writes: what is counted of them is in memory.
    private static let daysAtOnce = 4 * 366

    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    /// Counts a dataset in layers.
    ///
    /// - Parameters:
    ///   - layers: The layers; `nil` for every one that has been counted before or has an event of the dataset in its
    ///     box.
    ///   - isFull: Whether every day is counted again.
    ///   - lease: The lease of the job, without which nothing is written.
    ///   - progress: Called with a share from 0 to 1 and the layer that is counted.
    /// - Throws: `StorageError` with code `.dataset` or `.area` when there is none, `.busy` when the dataset is being
    ///   counted by somebody else, or dataset or layer changed meanwhile; ``JobLease/hold(on:)``'s errors;
    ///   `PostgresError`.
    package func run(
        _ slug: Slug, layers: [Slug]? = nil, isFull: Bool = false, lease: JobLease? = nil,
        progress: @Sendable (Double, Slug) -> Void = { _, _ in }
    ) async throws -> [Outcome] {
        try await PostgresConnection.withConnection(options) { connection in
            guard try await connection.takeLock("hextant areas \(slug)") else {
                throw StorageError(.busy, "\(slug) is being counted by another process: wait until it ends")
            }
            let dataset = try await DatasetStore(connection, sql: sql).dataset(slug)
            let wanted = try await self.layers(layers, of: slug, on: connection)
            var outcomes: [Outcome] = []
            for (done, layer) in wanted.enumerated() {
                outcomes.append(
                    try await count(dataset, in: layer, isFull: isFull, lease: lease, on: connection) { share in
                        progress((Double(done) + share) / Double(wanted.count), layer.slug)
                    })
            }
            return outcomes
        }
    }

    /// Whether a dataset could be counted at all: whether there is any layer.
    /// - Throws: `PostgresError`.
    package static func hasLayers(_ connection: PostgresConnection) async throws -> Bool {
        try await connection.query("SELECT EXISTS (SELECT FROM area_layers WHERE slug IS NOT NULL)")[0].get(0)
    }

    private func layers(
        _ slugs: [Slug]?, of dataset: Slug, on connection: PostgresConnection
    ) async throws -> [AreaLayer] {
        let store = AreaStore(connection, sql: sql)
        guard let slugs else {
            var near: [AreaLayer] = []
            for layer in try await store.layers() {
                let isCounted = try await store.counts(of: dataset, in: layer) != nil
                let isNear = isCounted ? true : try await hasEvents(dataset, in: layer, on: connection)
                if isNear { near.append(layer) }
            }
            return near
        }
        var found: [AreaLayer] = []
        for slug in slugs {
            guard let layer = try await store.layer(slug) else {
                throw StorageError(.area, "there is no layer \(slug): `hextant areas list` lists them")
            }
            found.append(layer)
        }
        return found
    }

    private func hasEvents(
        _ dataset: Slug, in layer: AreaLayer, on connection: PostgresConnection
    ) async throws -> Bool {
        guard let box = layer.bounds else { return false }
        let halves: [(Double, Double)] =
            box.west <= box.east ? [(box.west, box.east)] : [(box.west, 180), (-180, box.east)]
        for (west, east) in halves {
            let found: Bool = try await connection.query(
                """
                SELECT EXISTS (
                    SELECT FROM events WHERE dataset = $1 AND geom && ST_MakeEnvelope($2, $3, $4, $5, 4326))
                """, [dataset, west, box.south, east, box.north])[0].get(0)
            if found { return true }
        }
        return false
    }

    private func count(
        _ dataset: Dataset, in layer: AreaLayer, isFull: Bool, lease: JobLease?, on connection: PostgresConnection,
        progress: @Sendable (Double) -> Void
    ) async throws -> Outcome {
        let store = AreaDays(connection: connection, layer: layer, dataset: dataset.slug, sql: sql)
        let stale = try await store.staleDays(isFull: isFull)
        var locator: AreaLocator?
        var eventsRead = 0
        var done = 0
        for start in stride(from: 0, to: stale.count, by: Self.daysAtOnce) {
            let chosen = Array(stale[start..<min(start + Self.daysAtOnce, stale.count)])
            let used: AreaLocator
            if let locator { used = locator } else { used = try await self.locator(of: layer, on: connection) }
            locator = used
            // Versions and events are read in one snapshot: whatever is committed later has another version.
            let counted = try await connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
                try await read(chosen, of: dataset, used, on: $0)
            }
            for bins in counted.bins { eventsRead += bins.events }
            try await connection.transaction { connection in
                try await store.put(counted.bins, chosen, counted.versions)
                try await lease?.hold(on: connection)
            }
            done += chosen.count
            progress(Double(done) / Double(stale.count))
        }
        let counts = try await connection.transaction { connection in
            let counts = try await store.sumUp(hasChanged: !stale.isEmpty)
            try await lease?.hold(on: connection)
            return counts
        }
        return Outcome(layer: layer.slug, days: stale.count, eventsRead: eventsRead, counts: counts)
    }

    private struct Counted: Sendable {
        let bins: [AreaBins]
        let versions: [LocalDay: Int64]
    }

    private func read(
        _ days: [LocalDay], of dataset: Dataset, _ locator: AreaLocator, on connection: PostgresConnection
    ) async throws -> Counted {
        try await ScoringInput.checkZone(of: dataset, on: connection)
        guard let first = days.first, let last = days.last else { return Counted(bins: [], versions: [:]) }
        let known = try await EventDays.load(connection, dataset: dataset.slug, days: first...last)
        var versions: [LocalDay: Int64] = [:]
        for day in days { versions[day] = known.version(of: day) }
        let present = days.filter { versions[$0] != nil }
        let reader = SliceReader(options: options)
        let bins = try await reader.read(present, on: connection) { [sql] connection, slice in
            try await AreaBins.load(connection, dataset: dataset, days: slice, locator: locator, sql: sql)
        }
        return Counted(bins: bins, versions: versions)
    }

    /// The boundaries of a layer's areas, in the order of their numbers.
    private func locator(of layer: AreaLayer, on connection: PostgresConnection) async throws -> AreaLocator {
        let none: [(number: Int32, polygons: [Polygon])] = []
        let areas = try await connection.copyOut(
            """
            COPY (SELECT number, ST_AsBinary(geom) FROM areas WHERE layer_id = \(layer.id) ORDER BY number)
            TO STDOUT (FORMAT binary)
            """, into: none
        ) { (areas: inout [(number: Int32, polygons: [Polygon])], row: CopyRow) throws(PostgresError) in
            var row = row
            let number = try row.next(Int32.self)
            guard let field = row.nextField(), let geometry = Geometry(wellKnownBinary: Array(field)) else {
                throw PostgresError(.decoding, "area \(number) of the layer has no geometry")
            }
            areas.append((number, geometry.polygons))
        }
        guard !areas.isEmpty || layer.areas == 0 else { throw AreaDays.gone(layer) }
        return AreaLocator(areas)
    }
}
