import H3

extension H3Call {
    /// The functions of parents, children and lists of cells.
    static let hierarchy: [String: Function] = [
        "cellToParent": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .index(try cell.parent(at: try arguments.resolution()).bits)
        },
        "cellToCenterChild": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .index(try cell.centerChild(at: try arguments.resolution()).bits)
        },
        "cellToChildrenSize": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .integer(try cell.childCount(at: try arguments.resolution()))
        },
        "cellToChildren": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .cells(try cell.children(at: try arguments.resolution()))
        },
        "cellToChildPos": { arguments throws(H3Error) in
            let cell = try arguments.cell()
            return .integer(try cell.childPosition(at: try arguments.resolution()))
        },
        "childPosToCell": { arguments throws(H3Error) in
            let position = try arguments.integer()
            let cell = try arguments.cell()
            return .index(try cell.child(at: try arguments.resolution(), position: position).bits)
        },
        "compactCells": { arguments throws(H3Error) in .cells(try H3Cell.compact(try arguments.cells())) },
        "uncompactCells": { arguments throws(H3Error) in
            let cells = try arguments.cells()
            return .cells(try H3Cell.uncompact(cells, at: try arguments.resolution(else: .resolutionMismatch)))
        },
        "uncompactCellsSize": { arguments throws(H3Error) in
            let cells = try arguments.cells()
            return .integer(
                try H3Cell.uncompactedCount(of: cells, at: try arguments.resolution(else: .resolutionMismatch)))
        },
        "getRes0Cells": { _ throws(H3Error) in .cells(H3Cell.resolution0Cells) },
        "res0CellCount": { _ throws(H3Error) in .integer(H3Cell.resolution0CellCount) },
        "getPentagons": { arguments throws(H3Error) in .cells(H3Cell.pentagons(at: try arguments.resolution())) },
        "pentagonCount": { _ throws(H3Error) in .integer(H3Cell.pentagonCount) },
        "getNumCells": { arguments throws(H3Error) in .integer(H3Cell.cellCount(at: try arguments.resolution())) },
    ]
}
