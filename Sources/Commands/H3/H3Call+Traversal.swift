import H3

extension H3Call {
    /// The functions that step through the grid.
    static let traversal: [String: Function] = [
        "maxGridDiskSize": { arguments throws(H3Error) in
            .integer(try H3Cell.maxGridDiskSize(try arguments.integer()))
        },
        "maxGridRingSize": { arguments throws(H3Error) in
            .integer(try H3Cell.maxGridRingSize(try arguments.integer()))
        },
        "gridDisk": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .cells(try cell.gridDisk(try arguments.integer()))
        },
        "gridDiskDistances": distances,
        "gridDiskDistancesSafe": distances,
        "gridDiskDistancesUnsafe": { arguments throws(H3Error) in
            let (cell, k) = (try arguments.cell(), try arguments.integer())
            _ = try cell.gridDiskUnsafe(k)
            return rings(try cell.gridDiskDistances(k))
        },
        "gridDiskUnsafe": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .cells(try cell.gridDiskUnsafe(try arguments.integer()))
        },
        "gridDisksUnsafe": { arguments throws(H3Error) in
            let cells = try arguments.cells()
            return .cells(try H3Cell.gridDisksUnsafe(cells, try arguments.integer()))
        },
        "gridRing": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .cells(try cell.gridRing(try arguments.integer()))
        },
        "gridRingUnsafe": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .cells(try cell.gridRingUnsafe(try arguments.integer()))
        },
        "gridDistance": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .integer(try cell.gridDistance(to: try arguments.cell()))
        },
        "gridPathCellsSize": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .integer(try cell.gridPathCellsSize(to: try arguments.cell()))
        },
        "gridPathCells": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .cells(try cell.gridPathCells(to: try arguments.cell()))
        },
        "cellToLocalIj": { arguments throws(H3Error) in
            let origin = try arguments.cell()
            let place = try origin.localIJ(of: try arguments.cell())
            return .list([.integer(place.i), .integer(place.j)])
        },
        "localIjToCell": { arguments throws(H3Error) in
            let (origin, place) = (try arguments.cell(), try arguments.integers())
            guard place.count == 2 else { throw .failed }
            return .index(try origin.cell(at: LocalIJ(i: place[0], j: place[1])).bits)
        },
    ]

    private static let distances: Function = { arguments throws(H3Error) in
        let cell = try arguments.cell()
        return rings(try cell.gridDiskDistances(try arguments.integer()))
    }

    /// A list of cells for each distance, from 0 up.
    private static func rings(_ cells: [(cell: H3Cell, distance: Int)]) -> H3Value {
        var rings = [[H3Cell]]()
        for (cell, distance) in cells {
            if distance == rings.count { rings.append([]) }
            rings[distance].append(cell)
        }
        return .list(rings.map(H3Value.cells))
    }
}
