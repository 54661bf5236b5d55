import Domain
import Foundation
import Web

/// The conditions on events besides their place, time and type: an area, parts of the local time, attributes.
struct EventConditions {
    static let parameters = ["layer", "area", "day_of_week", "hour", "month", "attributes"]
    private static let longestAttributes = 4096
    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    private let layer: Slug?
    private let area: String?
    private let conditions: [FeatureFilter]

    /// Parses the parameters. Faults are collected in `parameters`.
    init(_ parameters: inout QueryParameters) {
        layer = parameters.layer()
        area = parameters.areaText("area")
        for (name, other) in [("layer", "area"), ("area", "layer")]
        where parameters.text(name) != nil && parameters.text(other) == nil {
            parameters.reject(name, "must be given with \(other)")
        }
        var conditions: [FeatureFilter] = []
        func add(_ property: String, _ numbers: [Int]?) {
            guard let numbers else { return }
            conditions.append(.among(property, numbers.map { .number(Double($0)) }))
        }
        add(
            "day_of_week",
            parameters.parsed("day_of_week", "days such as mon or mon,sat,sun, or mon-fri") { text in
                Self.numbers(text, in: 1...7) { name in Self.days.firstIndex(of: name.lowercased()).map { $0 + 1 } }
            })
        add(
            "hour",
            parameters.parsed("hour", "hours from 0 to 23 such as 8, 8-17, or 22-4 over midnight") { text in
                Self.numbers(text, in: 0...23)
            })
        add(
            "month",
            parameters.parsed("month", "months from 1 to 12 such as 7, 6-8, or 11-2 over the new year") { text in
                Self.numbers(text, in: 1...12)
            })
        let attributes = parameters.parsed(
            "attributes", "a JSON object of at most \(Self.longestAttributes) bytes, such as {\"Premise\":\"House\"}"
        ) { text -> String? in
            guard text.utf8.count <= Self.longestAttributes,
                (try? JSONSerialization.jsonObject(with: Data(text.utf8))) is [String: Any]
            else { return nil }
            return text
        }
        if let attributes { conditions.append(.attributes(attributes)) }
        self.conditions = conditions
    }

    /// The conditions as a filter; `nil` without any.
    /// - Throws: ``Problem`` 404 for a layer that does not exist, 400 for an area that the layer does not have.
    func filter(_ areas: AreaCatalogue?) async throws -> FeatureFilter? {
        var all = conditions
        if let layer, let area {
            guard let areas else { throw Problem.notFound("There is no layer of areas \(layer).", field: "layer") }
            let table = try await areas.table(layer)
            guard let index = table.index(ofID: area) else {
                throw Problem.badRequest([
                    .init(field: "area", message: "is no area of \(layer); /v1/areas/\(layer) lists them")
                ])
            }
            all.append(.belongs(toArea: table.areas[index].number, ofLayer: table.layer.id))
        }
        return all.isEmpty ? nil : .and(all)
    }

    /// Parses numbers and ranges of them with commas. A range whose end is before its start goes on at the first
    /// number.
    /// - Parameter named: Reads a name; by default names are digits.
    private static func numbers(
        _ text: String, in range: ClosedRange<Int>, named: (String) -> Int? = { Int($0) }
    ) -> [Int]? {
        var numbers: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { named(String($0)) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
                range.contains(first), range.contains(last)
            else { return nil }
            if first <= last {
                numbers.formUnion(first...last)
            } else {
                numbers.formUnion(first...range.upperBound)
                numbers.formUnion(range.lowerBound...last)
            }
        }
        return numbers.sorted()
    }
}
