import Domain
import Formats
import HTTPTypes
import Hummingbird
import Web

/// The parameters that all lists have in common: the dataset, the place, the number of features and the format.
struct ListRequest {
    /// The names of the parameters; `bbox` is only for lists whose features differ in place.
    static let parameters = ["dataset", "fields", "limit", "after", "f"]
    /// The largest limit of a list that is sent as a whole.
    private static let mostFeatures = 1_000_000_000

    let dataset: Slug?
    let bounds: BoundingBox?
    let polygon: DrawnPolygon?
    let format: ListFormat
    /// Whether the answer is one page of the list.
    let isPaged: Bool
    /// The number of features of a page.
    let pageLimit: Int
    /// The largest number of features of a list that is sent as a whole; `nil` for all.
    let wholeLimit: Int?
    /// The indices of the properties that are sent, in the order of the source.
    let columns: [Int]
    let request: Request
    /// All parameters of the request, which the link to the next page repeats.
    let parameters: QueryParameters

    /// Parses the parameters. Faults are collected in `parameters`, including those of the body.
    /// - Parameters:
    ///   - usualLimit: The size of a page without a limit.
    ///   - usualFormat: The format of an answer without one.
    init<Source: FeatureSource>(
        _ request: Request, _ parameters: inout QueryParameters, of source: Source.Type, usualLimit: Int = 100,
        usualFormat: ListFormat = .json
    ) async throws {
        dataset = parameters.dataset()
        bounds = parameters.bounds()
        polygon = try await PolygonBody.read(request, &parameters)
        format = ListFormat(
            &parameters, accept: request.headers.combined(.accept), among: Source.shape.formats, usual: usualFormat)
        isPaged = format.isPaged(hasLimit: parameters.text("limit") != nil)
        pageLimit = isPaged ? parameters.limit(default: usualLimit) : usualLimit
        wholeLimit = isPaged ? nil : parameters.limit(upTo: Self.mostFeatures)
        columns = parameters.columns(of: Source.properties, format: format)
        self.request = request
        self.parameters = parameters
    }

    /// The features of a dataset that the request selects.
    func selection(of status: DatasetStatus) -> FeatureSelection {
        FeatureSelection(of: status, bounds: bounds, polygon: polygon)
    }
}

extension QueryParameters {
    /// The indices of the properties in `fields`, ascending; all of them without it.
    ///
    /// A property that repeats the geometry is left out of features.
    fileprivate mutating func columns(of properties: [FeatureProperty], format: ListFormat) -> [Int] {
        let names = properties.map(\.name)
        let named = parsed("fields", "one or more of \(names.joined(separator: ", ")), with commas") { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return parts.allSatisfy(names.contains) ? Set(parts) : nil
        }
        return properties.indices.filter { index in
            (named?.contains(names[index]) ?? true) && !(properties[index].isPlace && format.hasGeometry)
        }
    }
}

extension ListFormat {
    fileprivate var hasGeometry: Bool { self != .json && self != .csv }
}
