import NYCOpenData

// Asks the site of the first argument, with the certificate of the second, for the properties after them. Prints a line
// for each, and the state of the site.

let arguments = CommandLine.arguments.dropFirst()
guard let site = arguments.first, let certificates = arguments.dropFirst().first else {
    fatalError("usage: properties SITE CERTIFICATES BBL...")
}
var configuration = NYCConfiguration()
configuration.site = site
configuration.certificates = certificates
configuration.allowsPrivateAddresses = true
let client = try NYCOpenDataClient(configuration)
let properties = try arguments.dropFirst(2).map { try BBL($0) }
for record in try await client.batchFetch(properties, days: 36_500, asOf: CityDay("2025-01-01")) {
    let counts = [
        try record.dobViolations?.get().rows.count, try record.hpdViolations?.get().rows.count,
        try record.complaints311?.get().rows.count, try record.permits?.get().rows.count,
    ]
    print(record.bbl, counts.map { "\($0 ?? -1)" }.joined(separator: " "))
}
print(await client.healthCheck().state)
await client.close()
