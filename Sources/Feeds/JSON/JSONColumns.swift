/// The members of JSON objects as columns, so that a mapping can name them as it names those of a CSV file.
///
/// A member of a member is `outer.inner`, an element of an array is `outer.0`. In GeoJSON the properties of a feature
/// have their bare names, and so do its own members where no property has the same name. The `fields` of OpenDataSoft's
/// records are taken like properties. In an array, the elements have the names that the file gives them.
struct JSONColumns: Sendable {
    /// The names as a mapping may write them.
    private(set) var names: [String] = []
    /// How many of the first `names` were found in the records.
    private(set) var foundCount = 0
    /// The `names` that only contain others.
    private(set) var containers: Set<String> = []
    private(set) var root = JSONColumnNode()
    /// The columns with the coordinates of a feature's geometry, if the mapping needs them.
    private(set) var point: (x: Int, y: Int)?
    /// The member whose members have bare names.
    private var inner: [UInt8]?
    private let rowNames: [String]
    /// The names of the columns of rows as a line of JSON; empty where records are objects.
    let headerText: String

    static let maximumColumns = 1000
    /// The names of a feature's coordinates.
    static let pointNames = (x: "geometry.coordinates.0", y: "geometry.coordinates.1")

    /// Finds the columns of a few checked records, and then adds the `wanted` ones that none of them has.
    init(records: [ArraySlice<UInt8>], rows: JSONLayout.Rows? = nil, wanted: [String]) {
        let rowNames = Self.rowNames(rows, wanted)
        self.rowNames = rowNames
        let header = rowNames.map { String(decoding: JSONText.string($0), as: UTF8.self) }
        headerText = rows == nil ? "" : "[\(header.joined(separator: ","))]\n"
        var paths: [(path: [[UInt8]], isContainer: Bool)] = []
        var seen: Set<[[UInt8]]> = []
        for record in records {
            let members = JSONMembers(of: Array(record), isRow: rows != nil)
            inner = inner ?? members.inner
            for (path, isContainer) in members.paths
            where seen.count < Self.maximumColumns && seen.insert(path).inserted {
                paths.append((path, isContainer))
            }
        }
        for column in rowNames.indices where seen.insert([Self.index(column)]).inserted {
            paths.append(([Self.index(column)], false))
        }
        var taken: Set<String> = []
        for isInner in [true, false] {
            for (path, isContainer) in paths where (inner != nil && path.count > 1 && path[0] == inner) == isInner {
                let name = name(of: isInner ? path.dropFirst() : path[...])
                guard taken.insert(name).inserted else { continue }
                add(name, path: path)
                if isContainer { containers.insert(name) }
            }
        }
        foundCount = names.count
        let known = Set(names.map { $0.lowercased() })
        let members = Set(paths.map { $0.path[0] })
        for name in wanted where !known.contains(name.lowercased()) && taken.insert(name).inserted {
            add(name, path: path(of: name, members))
        }
        if wanted.contains(Self.pointNames.x), wanted.contains(Self.pointNames.y),
            let x = names.firstIndex(of: Self.pointNames.x), let y = names.firstIndex(of: Self.pointNames.y)
        {
            point = (x, y)
        }
    }

    private mutating func add(_ name: String, path: [[UInt8]]) {
        root.insert(path[...], column: names.count)
        names.append(name)
    }

    private func name(of path: ArraySlice<[UInt8]>) -> String {
        var parts = path.map { String(decoding: $0, as: UTF8.self) }
        if !rowNames.isEmpty, let first = parts.first.flatMap({ Int($0) }), rowNames.indices.contains(first) {
            parts[0] = rowNames[first]
        }
        return parts.joined(separator: ".")
    }

    /// The place of a column that no record has.
    private func path(of name: String, _ members: Set<[UInt8]>) -> [[UInt8]] {
        // The name of a row's column may contain points itself.
        let column = rowNames.indices.filter { name.hasPrefix(rowNames[$0] + ".") }.max {
            rowNames[$0].utf8.count < rowNames[$1].utf8.count
        }
        if let column {
            return [Self.index(column)] + Self.split(String(name.dropFirst(rowNames[column].count + 1)))
        }
        let path = Self.split(name)
        guard let inner, let first = path.first, !members.contains(first) else { return path }
        return [inner] + path
    }

    /// The names of the columns of rows: those that the mapping knows more of.
    private static func rowNames(_ rows: JSONLayout.Rows?, _ wanted: [String]) -> [String] {
        guard let rows else { return [] }
        let wanted = Set(wanted.map { $0.lowercased() })
        func known(_ names: [String]) -> Int { names.count { wanted.contains($0.lowercased()) } }
        return known(rows.otherNames) > known(rows.names) ? rows.otherNames : rows.names
    }

    private static func split(_ name: String) -> [[UInt8]] { name.split(separator: ".").map { Array($0.utf8) } }

    private static func index(_ column: Int) -> [UInt8] { Array(String(column).utf8) }
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
