/// The headers of the files that were read as one: mostly of a single one.
///
/// As text it is the first header, and then for each other one a group separator (U+001D), the number of its first row,
/// another group separator and the header itself.
struct HeaderList {
    private static let separator: Character = "\u{1D}"

    private(set) var headers: [(firstRow: Int64, text: String)] = []

    init() {}

    init(_ text: String) {
        let parts = text.split(separator: Self.separator, omittingEmptySubsequences: false)
        headers = [(1, String(parts[0]))]
        var place = 1
        while place + 1 < parts.count, let row = Int64(parts[place]) {
            headers.append((row, String(parts[place + 1])))
            place += 2
        }
    }

    /// Adds the header of the file whose first row has this number.
    mutating func add(_ text: String, firstRow: Int64) {
        if headers.last?.text != text { headers.append((firstRow, text)) }
    }

    var text: String {
        headers.enumerated().map { place, header in
            place == 0 ? header.text : "\(Self.separator)\(header.firstRow)\(Self.separator)\(header.text)"
        }.joined()
    }

    /// The place of the header that a row is under.
    func place(ofRow row: Int64) -> Int { headers.lastIndex { $0.firstRow <= row } ?? 0 }
}
