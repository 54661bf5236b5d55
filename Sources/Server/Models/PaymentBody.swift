import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Web

/// The payments of a request: `{"rows": [...]}`, or one payment as an object of its own.
struct PaymentBody: Decodable {
    /// The largest body in bytes, the most payments, and the longest text of one in bytes.
    static let longest = 4 << 20
    static let mostRows = 10_000
    private static let longestText = 500

    private enum Keys: String, CodingKey, CaseIterable {
        case vendor, department, month, entered
        case accountDescription = "account_description"
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    private let payments: [Payment]
    private let faults: [Problem.Field]

    init(from decoder: any Decoder) throws {
        let body = try decoder.container(keyedBy: AnyKey.self)
        var faults: [Problem.Field] = []
        guard body.contains(AnyKey(stringValue: "rows")) else {
            payments = [Self.payment(body, "", &faults)]
            self.faults = faults
            return
        }
        for key in body.allKeys where key.stringValue != "rows" {
            faults.append(.init(field: Self.shown(key.stringValue), message: "is not known beside rows"))
        }
        var payments: [Payment] = []
        if var rows = try? body.nestedUnkeyedContainer(forKey: AnyKey(stringValue: "rows")) {
            while !rows.isAtEnd, payments.count <= Self.mostRows, faults.count < Self.enough {
                let place = "rows[\(payments.count)]"
                // An element that is no object cannot be passed over, so it is the last one that is looked at.
                guard let row = try? rows.nestedContainer(keyedBy: AnyKey.self) else {
                    faults.append(.init(field: place, message: "must be an object"))
                    break
                }
                payments.append(Self.payment(row, "\(place).", &faults))
            }
            if payments.isEmpty, faults.isEmpty {
                faults.append(.init(field: "rows", message: "must have a payment at least"))
            }
            if payments.count > Self.mostRows {
                faults.append(.init(field: "rows", message: "must have \(Self.mostRows) payments at most"))
            }
        } else {
            faults.append(.init(field: "rows", message: "must be a list of payments"))
        }
        self.payments = payments
        self.faults = faults
    }

    /// How many faults are looked for.
    private static let enough = 20

    private static func payment(
        _ row: KeyedDecodingContainer<AnyKey>, _ place: String, _ faults: inout [Problem.Field]
    ) -> Payment {
        func key(_ name: Keys) -> AnyKey { AnyKey(stringValue: name.rawValue) }
        func isThere(_ name: Keys) -> Bool {
            row.contains(key(name)) && !((try? row.decodeNil(forKey: key(name))) ?? false)
        }
        func refuse(_ name: String, _ message: String) {
            faults.append(.init(field: place + name, message: message))
        }
        func text(_ name: Keys) -> String? {
            guard isThere(name) else { return nil }
            guard let text = try? row.decode(String.self, forKey: key(name)), text.utf8.count <= longestText else {
                refuse(name.rawValue, "must be a text of \(longestText) bytes at most")
                return nil
            }
            return text
        }
        for other in row.allKeys where Keys(rawValue: other.stringValue) == nil {
            let known = Keys.allCases.map(\.rawValue).sorted().joined(separator: ", ")
            refuse(shown(other.stringValue), "is not known; a payment has \(known)")
        }
        if !isThere(.vendor) { refuse(Keys.vendor.rawValue, "must be given") }
        var month: Int?
        if isThere(.month) {
            month = try? row.decode(Int.self, forKey: key(.month))
            if !(month.map { (1...12).contains($0) } ?? false) {
                refuse(Keys.month.rawValue, "must be a number from 1 to 12")
            }
            if isThere(.entered) { refuse(Keys.entered.rawValue, "cannot be given beside month") }
        } else if let entered = text(.entered) {
            if let day = LocalDay(entered) {
                month = day.civil.month
            } else {
                refuse(Keys.entered.rawValue, "must be a date of the form YYYY-MM-DD")
            }
        }
        return Payment(
            vendor: text(.vendor), department: text(.department), accountDescription: text(.accountDescription),
            month: month)
    }

    private static func shown(_ name: String) -> String { ShownText.of(name, upTo: 64) }

    /// Reads the body of a request.
    /// - Throws: ``Problem`` 415 for a body of another type, 400 for one that is not JSON, 422 that names the rows and
    ///   fields with faults.
    static func read(_ request: Request) async throws -> [Payment] {
        guard ParameterizedValue.mediaType(request.headers[.contentType]) == "application/json" else {
            throw Problem(status: .unsupportedMediaType, detail: "The body must be application/json.")
        }
        let bytes = Data(try await request.body.collect(upTo: longest).readableBytesView)
        let body: PaymentBody
        do {
            body = try JSONDecoder().decode(Self.self, from: bytes)
        } catch is DecodingError {
            throw Problem.badRequest("The body must be a JSON object: {\"rows\": [...]}, or one payment.")
        }
        guard body.faults.isEmpty else {
            let problem = Problem.badRequest(body.faults)
            throw Problem(status: .unprocessableContent, detail: problem.detail, errors: problem.errors)
        }
        return body.payments
    }
}
