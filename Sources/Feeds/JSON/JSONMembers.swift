/// The paths of all values in an object whose text was checked.
struct JSONMembers {
    private(set) var paths: [(path: [[UInt8]], isContainer: Bool)] = []
    private(set) var isFeature = false

    private static let maximumDepth = 4
    /// How many elements of an array become columns. The points of a polygon do not.
    private static let maximumElements = 4

    init(of bytes: [UInt8]) {
        var walk = JSONWalk(bytes: bytes, index: 0)
        value(&walk, path: [])
    }

    private mutating func value(_ walk: inout JSONWalk, path: [[UInt8]]) {
        switch walk.kind {
        case .object where path.count < Self.maximumDepth:
            if !path.isEmpty { paths.append((path, true)) }
            walk.enter()
            while let name = walk.nextMember() {
                if path.isEmpty, walk.bytes[name].elementsEqual("type".utf8), walk.isString("Feature") {
                    isFeature = true
                }
                value(&walk, path: path + [Array(walk.bytes[name])])
            }
        case .array where path.count < Self.maximumDepth:
            if !path.isEmpty { paths.append((path, true)) }
            walk.enter()
            var position = 0
            while walk.nextElement() {
                if position < Self.maximumElements {
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
