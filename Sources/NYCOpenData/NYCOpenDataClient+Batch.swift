/// The rows of one property. A part that was not asked for is `nil`; one that failed has its error, and leaves the
/// others alone.
///
/// ```swift
/// for property in try await client.batchFetch([BBL("1007900009"), BBL("3022320009")]) {
///     let rows = try? property.hpdViolations?.get().rows
///     print(property.bbl, rows?.count ?? 0, property.errors.values.map(\.description))
/// }
/// ```
public struct PropertyRecords: Hashable, Sendable {
    /// The property.
    public let bbl: BBL
    /// Violations of the building code.
    public internal(set) var dobViolations: Result<NYCAnswer<DOBViolation>, NYCDataError>?
    /// Violations of the housing code.
    public internal(set) var hpdViolations: Result<NYCAnswer<HPDViolation>, NYCDataError>?
    /// Service requests to 311.
    public internal(set) var complaints311: Result<NYCAnswer<Complaint311>, NYCDataError>?
    /// Permits of DOB NOW.
    public internal(set) var permits: Result<NYCAnswer<Permit>, NYCDataError>?
    /// Permits of the older system.
    public internal(set) var olderPermits: Result<NYCAnswer<Permit>, NYCDataError>?

    init(_ bbl: BBL) {
        self.bbl = bbl
    }

    /// The errors of those parts that failed.
    public var errors: [NYCSource: NYCDataError] {
        var errors: [NYCSource: NYCDataError] = [:]
        if case .failure(let error)? = dobViolations { errors[.dobViolations] = error }
        if case .failure(let error)? = hpdViolations { errors[.hpdViolations] = error }
        if case .failure(let error)? = complaints311 { errors[.complaints311] = error }
        if case .failure(let error)? = permits { errors[.permits] = error }
        if case .failure(let error)? = olderPermits { errors[.olderPermits] = error }
        return errors
    }
}

extension NYCOpenDataClient {
    /// A part of a batch that has come.
    private enum Part: Sendable {
        case dob(Result<NYCAnswer<DOBViolation>, NYCDataError>)
        case hpd(Result<NYCAnswer<HPDViolation>, NYCDataError>)
        case complaints(Result<NYCAnswer<Complaint311>, NYCDataError>)
        case permits(Result<NYCAnswer<Permit>, NYCDataError>)
        case olderPermits(Result<NYCAnswer<Permit>, NYCDataError>)
    }

    /// The rows of many properties, side by side over the configured number of connections.
    ///
    /// ```swift
    /// let records = try await client.batchFetch(properties, sources: [.hpdViolations, .complaints311], days: 90)
    /// print(records.flatMap(\.errors).count, "parts failed")
    /// ```
    /// 200 properties and four sources are 800 requests: at most as many of them as there are connections are under way
    /// at a time, and all are within the limit of requests in a minute.
    /// - Parameters:
    ///   - properties: Any number; one that is named twice is asked for once. All their rows are in memory at the end.
    ///   - sources: The datasets to ask.
    ///   - days: How many days of complaints, as in ``get311Complaints(_:days:asOf:)``.
    ///   - asOf: The last of those days; `nil` for the present one.
    ///   - progress: Called after each part with the number of parts that have come and of all.
    /// - Returns: The properties in the order in which they were first named.
    /// - Throws: `CancellationError` alone. A part that fails has its error in the result.
    public func batchFetch(
        _ properties: [BBL], sources: Set<NYCSource> = NYCSource.standard, days: Int = 365, asOf: CityDay? = nil,
        progress: @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) async throws -> [PropertyRecords] {
        var places: [BBL: Int] = [:]
        var records: [PropertyRecords] = []
        for bbl in properties where places[bbl] == nil {
            places[bbl] = records.count
            records.append(PropertyRecords(bbl))
        }
        // The same day for all, however long the batch takes.
        let last = asOf ?? today
        let asked = NYCSource.allCases.filter(sources.contains)
        let all = records.count * asked.count
        try await withThrowingTaskGroup(of: (Int, Part).self) { group in
            var next = 0
            var done = 0
            func addNext() {
                guard next < all else { return }
                let place = next / asked.count
                let (bbl, source) = (records[place].bbl, asked[next % asked.count])
                next += 1
                group.addTask { [self] in (place, try await part(source, bbl, days, last)) }
            }
            for _ in 0..<configuration.connections { addNext() }
            while let (place, part) = try await group.next() {
                switch part {
                case .dob(let result): records[place].dobViolations = result
                case .hpd(let result): records[place].hpdViolations = result
                case .complaints(let result): records[place].complaints311 = result
                case .permits(let result): records[place].permits = result
                case .olderPermits(let result): records[place].olderPermits = result
                }
                done += 1
                progress(done, all)
                addNext()
            }
        }
        return records
    }

    private func part(_ source: NYCSource, _ bbl: BBL, _ days: Int, _ last: CityDay) async throws -> Part {
        switch source {
        case .dobViolations: .dob(try await result { try await self.getDOBViolations(bbl) })
        case .hpdViolations: .hpd(try await result { try await self.getHPDViolations(bbl) })
        case .complaints311:
            .complaints(try await result { try await self.get311Complaints(bbl, days: days, asOf: last) })
        case .permits: .permits(try await result { try await self.getPermits(bbl) })
        case .olderPermits: .olderPermits(try await result { try await self.getPermits(bbl, from: .bis) })
        }
    }

    /// - Throws: What is no ``NYCDataError``: a cancellation.
    private func result<Row>(
        _ body: @Sendable () async throws -> NYCAnswer<Row>
    ) async throws -> Result<NYCAnswer<Row>, NYCDataError> {
        do {
            return .success(try await body())
        } catch let error as NYCDataError {
            return .failure(error)
        }
    }
}
