import H3
import TestSupport
import Testing

struct AnyBitsTests {
    /// Such an index is not checked, but nothing may trap.
    @Test func noBitPatternTraps() throws {
        var random = SplitMix(state: 31)
        var valid = 0
        for round in 0..<4_000 {
            let bits = round % 2 == 0 ? random.next() : random.next() >> 5 | 1 << 59
            let cell = H3Cell(unchecked: bits)
            let other = H3Cell(unchecked: random.next())
            _ = try? cell.gridDisk(2)
            _ = try? cell.gridRing(3)
            _ = try? cell.gridPathCells(to: other)
            _ = try? cell.cell(at: LocalIJ(i: round, j: -round))
            _ = try? cell.children(at: cell.resolution.finer ?? 15)
            _ = try? cell.childPosition(at: cell.resolution.coarser ?? 0)
            _ = try? cell.child(at: 15, position: round)
            _ = try? H3Cell.compact([cell, other])
            _ = try? H3Cell.multiPolygon(of: [cell])
            _ = (cell.areaKm2, cell.icosahedronFaces, cell.vertexes.map(\.latLng))
            let edge = H3DirectedEdge(unchecked: bits)
            _ = (edge.reversed, edge.destination, edge.boundary, edge.lengthKm)
            _ = H3Vertex(unchecked: bits).latLng
            if H3Index.isValid(bits) { valid += 1 }
        }
        #expect(valid < 4_000)
    }
}
