package import Domain
import Formats
import JSON
package import NIOCore
import Spending
import Web

/// A value of an item.
package enum SpendingValue: Sendable {
    case text(String?)
    case integer(Int?)
    /// A ratio, a mean or a percentage.
    case number(Double?)
    /// An exact amount in cents.
    case amount(Int64?)
}

/// An answer about expenditures: a summary, and items in one order. JSON and GeoJSON have both, CSV has the items.
package struct SpendingTable: Sendable {
    package let columns: [String]
    package let count: Int
    /// The values of an item, one for each column.
    package let values: @Sendable (Int) -> [SpendingValue]
    /// A text that no other item has, by which the next page finds its place.
    let identity: @Sendable (Int) -> String
    var summary: @Sendable (inout JSONWriter) -> Void = { _ in }
    /// Further members of an item in JSON.
    var members: @Sendable (inout JSONWriter, Int) -> Void = { _, _ in }
    /// The places of some items, for GeoJSON.
    var places: @Sendable (Range<Int>) async throws -> [Feature.Place?] = { $0.map { _ in nil } }

    /// The items of the page after an item.
    /// - Throws: ``Problem`` 400 when there is no such item.
    func page(after: String?, limit: Int) throws(Problem) -> Range<Int> {
        var start = 0
        if let after {
            guard let place = (0..<count).first(where: { identity($0) == after }) else {
                throw Problem.badRequest([
                    .init(field: "after", message: "is of a list that has changed; begin with the first page")
                ])
            }
            start = place + 1
        }
        return start..<min(count, start + limit)
    }

    /// The text of a page.
    /// - Parameters:
    ///   - link: The link to the page after an item.
    ///   - head: Writes what all answers say first.
    func text(
        _ page: Range<Int>, _ format: ListFormat, link: (String) -> String, head: (inout JSONWriter) -> Void
    ) async throws -> ByteBuffer {
        if format == .csv { return csv(page) }
        func members(_ json: inout JSONWriter) {
            head(&json)
            summary(&json)
        }
        let next = page.upperBound < count && !page.isEmpty ? link(identity(page.upperBound - 1)) : nil
        var json = JSONWriter()
        if format == .geojson {
            let places = try await places(page)
            json.featureCollection(of: page, next: next, members: members) { json, item in
                json.object { json in
                    json.field("type", "Feature")
                    json.field("id", identity(item))
                    json.name("geometry")
                    json.place(places[item - page.lowerBound])
                    json.object("properties") { fields(of: item, in: &$0) }
                }
            }
        } else {
            json.object { json in
                members(&json)
                json.array("items", of: page) { json, item in
                    json.object { fields(of: item, in: &$0) }
                }
                json.field("next", next)
            }
        }
        return json.buffer
    }

    private func fields(of item: Int, in json: inout JSONWriter) {
        for (name, value) in zip(columns, values(item)) {
            switch value {
            case .text(let text): json.field(name, text)
            case .integer(let number):
                json.name(name)
                if let number { json.value(number) } else { json.null() }
            case .number(let number): json.field(name, number)
            case .amount(let cents): json.amount(name, cents)
            }
        }
        members(&json, item)
    }

    private func csv(_ page: Range<Int>) -> ByteBuffer {
        var buffer = ByteBuffer(string: columns.joined(separator: ",") + "\r\n")
        for item in page {
            for (number, value) in values(item).enumerated() {
                if number > 0 { buffer.writeString(",") }
                switch value {
                case .text(let text): if let text { CSVText.write(text, into: &buffer) }
                case .integer(let number): if let number { buffer.writeString(String(number)) }
                case .number(let number):
                    if let number, number.isFinite { buffer.writeString(String(describing: number)) }
                case .amount(let cents): if let cents { buffer.writeString(CentsText.of(cents)) }
                }
            }
            buffer.writeString("\r\n")
        }
        return buffer
    }
}

extension SpendingTable {
    /// The summary and the first items as JSON, as commands print them.
    package func json(dataset: Slug, limit: Int) -> ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            json.field("dataset", dataset.text)
            summary(&json)
            json.array("items", of: 0..<min(limit, count)) { json, item in
                json.object { fields(of: item, in: &$0) }
            }
        }
        return json.buffer
    }
}

extension JSONWriter {
    /// Writes an exact amount as a number with two decimals.
    mutating func amount(_ name: String, _ cents: Int64?) {
        self.name(name)
        if let cents { raw(CentsText.of(cents)) } else { null() }
    }

    /// Writes a sum as an object with `total` and `count`.
    mutating func sum(_ name: String, _ sum: SpendingSum) {
        object(name) { json in
            json.amount("total", sum.cents)
            json.field("count", sum.count)
        }
    }

    fileprivate mutating func place(_ place: Feature.Place?) {
        switch place {
        case .point(let longitude, let latitude): object { $0.point(longitude: longitude, latitude: latitude) }
        case .area(let outline): object { $0.outline(outline) }
        case .cell(let cell): object { $0.outline(cell) }
        case nil: null()
        }
    }
}
