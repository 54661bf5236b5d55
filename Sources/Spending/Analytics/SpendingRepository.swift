package import Domain

/// Figures of the expenditures of datasets, and where their departments and vendors are.
package protocol SpendingRepository: Sendable {
    /// The version of a dataset's expenditures and of their places; `nil` for a dataset that holds none.
    func version(of dataset: Slug) async throws -> SpendingVersion?

    /// The figures that `compute` makes of the expenditures of a dataset, on a thread of its own.
    ///
    /// - Parameters:
    ///   - version: The version to use. They may be newer, but are never older.
    ///   - filter: The filter that `compute` applies. Where the whole dataset is too large for the memory, the table
    ///     has only what it selects.
    ///   - compute: Should take less than a second.
    /// - Throws: ``ExpenditureTable/Fault``; an error that is `TemporarilyUnavailable` when too many wait.
    func figures<Figures: Sendable>(
        of dataset: Slug, _ version: SpendingVersion, _ filter: ExpenditureFilter,
        _ compute: @escaping @Sendable (ExpenditureTable) -> Figures
    ) async throws -> Figures

    /// The places of departments or vendors, by key.
    func places(of dataset: Slug, _ kind: ExpenditurePlace.Kind) async throws -> [ExpenditurePlace]

    /// The number of the first area of a layer that each place is in; `nil` for a place outside all of them.
    func areas(of layer: AreaLayer, at places: [ExpenditurePlace]) async throws -> [Int32?]

    /// A vector tile with a point for each place that lies in it.
    func tile(_ zoom: Int, _ column: Int, _ row: Int, of points: [SpendingPoint]) async throws -> [UInt8]
}

/// The version of a dataset's expenditures and of their places: it differs after every change of either.
package struct SpendingVersion: Hashable, Sendable, CustomStringConvertible {
    /// The number of the dataset, which no other one gets, even with the same slug.
    package let dataset: Int64
    package let number: Int64

    package init(dataset: Int64, number: Int64) {
        self.dataset = dataset
        self.number = number
    }

    package var description: String { "\(dataset).\(number)" }
}

/// Where a department or a vendor is, as the operator says.
package struct ExpenditurePlace: Hashable, Sendable {
    /// The parties of an expenditure that have places.
    package enum Kind: String, CaseIterable, Sendable {
        case department
        case vendor
    }

    /// How many places of a kind a dataset may have.
    package static let most = 10_000

    /// The department as it is written, or the key of the vendor.
    package let key: String
    package let name: String
    /// In degrees.
    package let longitude: Double
    package let latitude: Double

    package init(key: String, name: String, longitude: Double, latitude: Double) {
        self.key = key
        self.name = name
        self.longitude = longitude
        self.latitude = latitude
    }
}

/// A place, and what was spent there.
package struct SpendingPoint: Hashable, Sendable {
    package let place: ExpenditurePlace
    package let sum: SpendingSum

    package init(place: ExpenditurePlace, sum: SpendingSum) {
        self.place = place
        self.sum = sum
    }
}
