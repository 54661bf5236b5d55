import Domain
import Foundation
import Hummingbird
import Web

/// The body with which a client adds or replaces an expenditure: a JSON object with the members of a list's item that
/// say what the payment is. A member that is left out is null; the amount is needed.
struct ExpenditureBody {
    static let longest = 32 * 1024
    private static let longestText = 1000
    private static let longestID = 512
    private static let years = 1900...2200
    private static let texts = ["vendor", "department", "account", "account_description", "organisation"]
    private static let known = ["amount", "fiscal_year", "entered"] + texts

    let fields: ExpenditureFields
    /// The id of the source; `nil` for one that is made.
    let sourceID: String?

    /// - Parameter takesID: Whether the body may have `source_id`.
    /// - Throws: ``Problem`` 415 for a body of another type, 400 for one that cannot be read, and 422 that names every
    ///   member at fault.
    init(_ request: Request, takesID: Bool) async throws {
        guard ParameterizedValue.mediaType(request.headers[.contentType]) == "application/json" else {
            throw Problem(status: .unsupportedMediaType, detail: "The body must be application/json.")
        }
        let body = try await request.body.collect(upTo: Self.longest)
        let members: [String: Member]
        do {
            members = try JSONDecoder().decode([String: Member].self, from: Data(body.readableBytesView))
        } catch {
            throw Problem.badRequest("The body must be a JSON object whose members are texts, numbers or null.")
        }
        var faults: [Problem.Field] = []
        let known = Self.known + (takesID ? ["source_id"] : [])
        for name in members.keys.sorted() where !known.contains(name) {
            faults.append(
                .init(
                    field: String(name.prefix(64)), message: "is not a member here: \(known.joined(separator: ", "))"))
        }
        func text(_ name: String, upTo longest: Int) -> String? {
            switch members[name] {
            case nil, .none?: return nil
            case .text(let text):
                let isSound =
                    text.utf8.count <= longest
                    && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
                if isSound { return text.isEmpty ? nil : text }
            case .number: break
            }
            faults.append(
                .init(field: name, message: "must be a text of at most \(longest) bytes, without control characters"))
            return nil
        }
        let named = Self.texts.map { text($0, upTo: Self.longestText) }
        sourceID = takesID ? text("source_id", upTo: Self.longestID) : nil

        var year: Int?
        switch members["fiscal_year"] {
        case nil, .none?: break
        case .number(let number):
            year = Int("\(number)").flatMap { Self.years.contains($0) ? $0 : nil }
            if year == nil { fallthrough }
        case .text: faults.append(.init(field: "fiscal_year", message: "must be a year such as 2024"))
        }
        var entered: LocalDay?
        if let written = text("entered", upTo: 10) {
            entered = LocalDay(written)
            if entered == nil { faults.append(.init(field: "entered", message: "must be a date such as 2024-06-30")) }
        }
        let amount: Amount? =
            switch members["amount"] {
            case .text(let text): Amount(text)
            // Decoded in decimal digits, so nothing was rounded.
            case .number(let number): Amount("\(number)")
            case nil, .none?: nil
            }
        if amount == nil {
            faults.append(
                .init(
                    field: "amount",
                    message: "must be given: digits with at most two decimals, up to 999999999999.99, such as -1234.50")
            )
        }
        guard faults.isEmpty, let amount else {
            let told = faults.prefix(16)
            throw Problem(
                status: .unprocessableContent,
                detail: told.map { "\($0.field): \($0.message)." }.joined(separator: " "),
                errors: Array(told))
        }
        fields = ExpenditureFields(
            fiscalYear: year, entered: entered, vendor: named[0], department: named[1], account: named[2],
            accountDescription: named[3], organisation: named[4], amount: amount)
    }

    private enum Member: Decodable {
        case none
        case text(String)
        case number(Decimal)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .none
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else {
                self = .number(try value.decode(Decimal.self))
            }
        }
    }
}
