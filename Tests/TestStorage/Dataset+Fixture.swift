package import Domain
import Storage

extension Dataset {
    /// Puts a dataset into the suite's database.
    package static func stored(
        _ slug: Slug, timeZone: String = "UTC", resolutions: [Int] = [7]
    ) async throws -> Dataset {
        let dataset = Dataset(
            slug: slug, title: "Title of \(slug)", licence: "CC0-1.0", attribution: "Nobody", timeZone: timeZone,
            resolutions: resolutions)
        try await withConnection { connection in
            _ = try await DatasetStore(connection, sql: Checkout.sql()).put(dataset)
        }
        return dataset
    }
}
