import HTTPTypes
import Hummingbird
import Risk

/// What every list is asked for alike: of which dataset and place, how much of it, and in which form.
struct ListRequest {
    /// The parameters that every list knows; `bbox` is for those whose features differ in place.
    static let parameters = ["dataset", "fields", "limit", "after", "f"]
    /// Of a list that is sent as a whole.
    private static let mostFeatures = 1_000_000_000

    let dataset: String?
    let bounds: BoundingBox?
    let polygon: PolygonArea?
    let format: ListFormat
    /// Features at most; `nil` is all.
    let limit: Int?
    /// Which properties of the source are sent, in its order.
    let columns: [Int]

    /// Faults are noted in `parameters`, those of the body too.
    /// - Parameters:
    ///   - usualLimit: Features of a page that is asked for without a limit.
    ///   - usualFormat: The form of an answer that is asked for without one.
    init<Source: FeatureSource>(
        _ request: Request, _ parameters: inout QueryParameters, of source: Source.Type, usualLimit: Int = 100,
        usualFormat: ListFormat = .json
    ) async throws {
        dataset = parameters.dataset()
        bounds = parameters.bounds()
        polygon = try await PolygonBody.read(request, &parameters)
        format = ListFormat(
            &parameters, accept: request.headers.combined(.accept), among: Source.shape.formats, usual: usualFormat)
        limit =
            format.isPaged
            ? parameters.limit(default: usualLimit) : parameters.limit(upTo: Self.mostFeatures)
        columns = parameters.columns(of: Source.properties, format: format)
    }
}

extension QueryParameters {
    /// Indices of the properties that `fields` names, ascending; all without it.
    ///
    /// What a geometry tells is left out of the properties of a feature.
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
