/// The paths of all values in a record whose text was checked.
struct JSONMembers {
    private(set) var paths: [(path: [[UInt8]], isContainer: Bool)] = []
    /// The member whose members have bare names: the properties of a GeoJSON feature, the fields of an OpenDataSoft
    /// record.
    private(set) var inner: [UInt8]?

    private static let maximumDepth = 4
    /// How many elements of an array become columns. The points of a polygon do not.
    private static let maximumElements = 4

    /// - Parameter isRow: Whether the record is an array, all of whose elements are columns.
    init(of bytes: [UInt8], isRow: Bool = false) {
        var walk = JSONWalk(bytes: bytes, index: 0)
        value(&walk, path: [], isRow: isRow)
        if inner == nil, has(["recordid"]), has(["fields"]) { inner = Array("fields".utf8) }
    }

    private func has(_ path: [String]) -> Bool {
        let path = path.map { Array($0.utf8) }
        return paths.contains { $0.path == path }
    }

    private mutating func value(_ walk: inout JSONWalk, path: [[UInt8]], isRow: Bool = false) {
        switch walk.kind {
        case .object where path.count < Self.maximumDepth:
            if !path.isEmpty { paths.append((path, true)) }
            walk.enter()
            while let name = walk.nextMember() {
                if path.isEmpty, walk.bytes[name].elementsEqual("type".utf8), walk.isString("Feature") {
                    inner = Array("properties".utf8)
                }
                value(&walk, path: path + [Array(walk.bytes[name])])
            }
        case .array where path.count < Self.maximumDepth:
            if !path.isEmpty { paths.append((path, true)) }
            walk.enter()
            var position = 0
            while walk.nextElement() {
                if position < Self.maximumElements || isRow {
                    value(&walk, path: path + [Array(String(position).utf8)])
                } else {
                    walk.skip()
                }
                position += 1
            }
        default:
            paths.append((path, false))
            walk.skip()
        }
    }
}
