/// Numbers the types of a batch's events in the order in which they come.
struct KindTable: Sendable {
    private(set) var kinds: [[UInt8]] = []
    private var numbers: [[UInt8]: Int] = [:]
    /// The number of the last event's type, which is often that of the next one.
    private var last = 0

    /// Most files have a few types, which are compared faster than hashed.
    private static let few = 8

    mutating func number(of kind: ArraySlice<UInt8>) -> Int {
        if last < kinds.count, Self.areEqual(kinds[last], kind) { return last }
        if let found = kinds.prefix(Self.few).firstIndex(where: { Self.areEqual($0, kind) }) {
            last = found
        } else if let found = kinds.count > Self.few ? numbers[Array(kind)] : nil {
            last = found
        } else {
            last = kinds.count
            kinds.append(Array(kind))
            numbers[Array(kind)] = last
        }
        return last
    }

    subscript(number: Int) -> String { String(decoding: kinds[number], as: UTF8.self) }

    private static func areEqual(_ one: [UInt8], _ other: ArraySlice<UInt8>) -> Bool {
        one.count == other.count && one.elementsEqual(other)
    }
}
