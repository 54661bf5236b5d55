import Foundation
import NYCOpenData

// Every example of the documentation of NYCOpenData. They are compiled, not run; a test finds each of them here.

func start() async throws {
    let client = try NYCOpenDataClient()
    let violations = try await client.getDOBViolations(BBL("1007900009"))
    print(violations.rows.count, "violations of the building code")
    await client.close()
}

func configure() throws -> NYCOpenDataClient {
    var configuration = NYCConfiguration()
    configuration.appToken = ProcessInfo.processInfo.environment["NYC_TOKEN"]
    configuration.redisURL = "redis://localhost:6379"
    let client = try NYCOpenDataClient(configuration)
    return client
}

func name() throws {
    let lot = try BBL("1007900009")
    print(lot.borough, lot.block, lot.lot)  // Manhattan 790 9
    for source in NYCSource.standard { print(source.title, source.dataset) }
}

func ask(_ client: NYCOpenDataClient) async throws {
    let open = try await client.getDOBViolations(BBL("1007900009")).rows.filter(\.isOpen)
    let urgent = try await client.getHPDViolations(BBL("1007900009")).rows.filter { $0.hazard == .immediate }
    let recent = try await client.get311Complaints(BBL("3022320009"), days: 30)
    let october = try await client.get311Complaints(BBL("3022320009"), days: 31, asOf: CityDay("2022-10-31")!)
    let week = try await client.get311Complaints(BBL("3022320009"), days: 7, asOf: CityDay("2022-10-02")!)
    let newest = try await client.getPermits(BBL("1007900009")).rows.first
    print(open.count, urgent.count, recent.rows.count, october.rows.count, week.rows.count, newest?.id ?? "")
}

func read(_ client: NYCOpenDataClient) async throws {
    let answer = try await client.getHPDViolations(BBL("1007900009"))
    print(answer.rows.count(where: \.isOpen), "open, as of", answer.retrieved, answer.origin)
}

func readViolations(_ client: NYCOpenDataClient) async throws {
    let violations = try await client.getDOBViolations(BBL("1007900009"))
    for violation in violations.rows where violation.isOpen {
        print(violation.number ?? violation.id, violation.type ?? "")
    }
}

func readHousingViolations(_ client: NYCOpenDataClient) async throws {
    let violations = try await client.getHPDViolations(BBL("1007900009"))
    let urgent = violations.rows.filter { $0.isOpen && $0.hazard == .immediate }
    print(urgent.count, "immediately hazardous")
}

func readComplaints(_ client: NYCOpenDataClient) async throws {
    let complaints = try await client.get311Complaints(BBL("3022320009"), days: 90)
    print(complaints.rows.map { "\($0.created?.description ?? "?") \($0.type ?? "?")" })
}

func readPermits(_ client: NYCOpenDataClient) async throws {
    let permits = try await client.getPermits(BBL("1007900009"))
    let older = try await client.getPermits(BBL("1007900009"), from: .bis)
    print(permits.rows.count, "since DOB NOW,", older.rows.count, "before")
}

func many(_ client: NYCOpenDataClient, _ properties: [BBL]) async throws {
    for property in try await client.batchFetch([BBL("1007900009"), BBL("3022320009")]) {
        let rows = try? property.hpdViolations?.get().rows
        print(property.bbl, rows?.count ?? 0, property.errors.values.map(\.description))
    }
    do {
        let records = try await client.batchFetch(properties, sources: [.hpdViolations, .complaints311], days: 90)
        print(records.flatMap(\.errors).count, "parts failed")
    }
    do {
        let records = try await client.batchFetch(
            properties, sources: [.complaints311], days: 90, asOf: CityDay("2024-06-30")!)
        print(records.count)
    }
}

func fail(_ client: NYCOpenDataClient) async throws {
    do {
        let permits = try await client.getPermits(BBL("1007900009"))
        print(permits.rows.count)
    } catch NYCDataError.rateLimited(let limited) {
        print("ask again in", limited.retryAfter ?? .seconds(60))
    } catch let error as NYCDataError {
        print(error, error.isTemporary ? "(later it may work)" : "")
    }
}

func check(_ client: NYCOpenDataClient) async {
    let health = await client.healthCheck()
    for part in health.parts where part.state != .healthy { print(part.name, part.state, part.detail) }
    print(health.cache.memoryHits, "of", health.cache.hits + health.cache.misses, "answers from memory")
}

func stopWhenDown(_ client: NYCOpenDataClient) async {
    guard await client.healthCheck().state != .down else { return }
}
