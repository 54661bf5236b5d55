/// The members of JSON objects as columns, so that a mapping can name them as it names those of a CSV file.
///
/// A member of a member is `outer.inner`, an element of an array is `outer.0`. In GeoJSON the properties of a feature
/// have their bare names, and so do its own members where no property has the same name.
struct JSONColumns: Sendable {
    /// The names as a mapping may write them.
    private(set) var names: [String] = []
    /// How many of the first `names` were found in the records.
    private(set) var foundCount = 0
    /// The `names` that only contain others.
    private(set) var containers: Set<String> = []
    private(set) var root = JSONColumnNode()
    private var isGeoJSON = false

    static let maximumColumns = 1000

    /// Finds the columns of a few checked records, and then adds the `wanted` ones that none of them has.
    init(records: [ArraySlice<UInt8>], wanted: [String]) {
        var paths: [(path: [[UInt8]], isContainer: Bool)] = []
        var seen: Set<[[UInt8]]> = []
        for record in records {
            let members = JSONMembers(of: Array(record))
            if members.isFeature { isGeoJSON = true }
            for (path, isContainer) in members.paths
            where seen.count < Self.maximumColumns && seen.insert(path).inserted {
                paths.append((path, isContainer))
            }
        }
        let properties = Array("properties".utf8)
        var taken: Set<String> = []
        for isProperty in [true, false] {
            for (path, isContainer) in paths where (isGeoJSON && path.count > 1 && path[0] == properties) == isProperty
            {
                let shown = isProperty ? path.dropFirst() : path[...]
                let name = shown.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
                guard taken.insert(name).inserted else { continue }
                add(name, path: path)
                if isContainer { containers.insert(name) }
            }
        }
        foundCount = names.count
        let known = Set(names.map { $0.lowercased() })
        for name in wanted where !known.contains(name.lowercased()) && taken.insert(name).inserted {
            let path = name.split(separator: ".").map { Array($0.utf8) }
            add(name, path: isGeoJSON ? [properties] + path : path)
        }
    }

    private mutating func add(_ name: String, path: [[UInt8]]) {
        root.insert(path[...], column: names.count)
        names.append(name)
    }
}

/// A node on the path to the members that are columns.
struct JSONColumnNode: Sendable {
    private(set) var children: [(name: [UInt8], node: JSONColumnNode)] = []
    private(set) var column: Int?

    mutating func insert(_ path: ArraySlice<[UInt8]>, column: Int) {
        guard let name = path.first else {
            self.column = column
            return
        }
        let place = children.firstIndex { $0.name == name } ?? children.count
        if place == children.count { children.append((name, JSONColumnNode())) }
        children[place].node.insert(path.dropFirst(), column: column)
    }

    /// The child with a name. The search starts at `hint`, because members of equal objects follow each other in order.
    func child(_ name: ArraySlice<UInt8>, hint: inout Int) -> Int? {
        for step in 0..<children.count {
            let place = (hint + step) % children.count
            if children[place].name.elementsEqual(name) {
                hint = place + 1
                return place
            }
        }
        return nil
    }
}
