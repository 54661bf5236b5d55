import H3
import Testing

@testable import Areas

/// Areas made of cells whose events have the same name.
@Suite struct CellMajorityTests {
    private static let middle = cell(43.65, -79.38)

    private static func cell(_ latitude: Double, _ longitude: Double) -> H3Cell {
        guard let cell = try? H3Cell(latitude: latitude, longitude: longitude, resolution: 9) else {
            preconditionFailure("no cell there")
        }
        return cell
    }

    private static func areas(_ events: [(H3Cell, String, Int)]) throws -> [CellMajority.Area] {
        var majority = CellMajority()
        for (cell, name, count) in events {
            let isAdded = majority.add(cell, name, count: count)
            #expect(isAdded)
        }
        return try majority.areas()
    }

    @Test func aCellBelongsToTheNameOfMostOfItsEvents() throws {
        let other = Self.cell(43.7, -79.38)
        let areas = try Self.areas([
            (Self.middle, "East", 2), (Self.middle, "West", 3), (Self.middle, "East", 2), (other, "West", 1),
        ])
        #expect(areas.map(\.name) == ["East", "West"])
        #expect(areas.map(\.cells) == [[Self.middle], [other]])
        #expect(areas.map(\.events) == [4, 4])
    }

    /// The first has more events elsewhere; where that is equal, too, the name decides, so the outcome is always the
    /// same.
    @Test func amongEqualsTheLargerNameWinsThenTheFirst() throws {
        let other = Self.cell(43.7, -79.38)
        let larger = try Self.areas([(Self.middle, "A", 2), (Self.middle, "B", 2), (other, "B", 1)])
        #expect(larger.map(\.name) == ["B"])
        let equal = try Self.areas([(Self.middle, "B", 2), (Self.middle, "A", 2)])
        #expect(equal.map(\.name) == ["A"])
    }

    /// The middle has six neighbours, a cell of the outer ring four and one at its corners three.
    @Test func holesAndBaysAreFilledAndTheOuterBorderStays() throws {
        let disk = Set(try Self.middle.gridDisk(2))
        for missing in disk {
            let neighbours = disk.intersection(try missing.gridDisk(1)).count - 1
            #expect([3, 4, 6].contains(neighbours))
            let areas = try Self.areas(disk.filter { $0 != missing }.map { ($0, "Disk", 1) })
            #expect(Set(areas[0].cells) == (neighbours > 3 ? disk : disk.subtracting([missing])))
        }
        let whole = try Self.areas(disk.map { ($0, "Disk", 1) })
        #expect(Set(whole[0].cells) == disk)
    }

    @Test func theOutlineHasTheSurfaceOfItsCells() throws {
        let cells = try Self.middle.gridDisk(3)
        let outline = try Geometry(outlineOf: cells)
        let polygon = try #require(outline.polygons.first)
        #expect(outline.polygons.count == 1)
        #expect(polygon.holes.isEmpty)
        #expect(polygon.shell.first == polygon.shell.last)
        // A disk of k rings has 6 (2 k + 1) outer edges.
        #expect(polygon.shell.count - 1 == 42)
        let ring = try Geometry(outlineOf: cells.filter { $0 != Self.middle })
        #expect(ring.polygons.first?.holes.count == 1)
        func surface(_ positions: [Position]) -> Double {
            zip(positions, positions.dropFirst()).reduce(0) { $0 + ($1.0.x * $1.1.y - $1.1.x * $1.0.y) / 2 }
        }
        let sum = try cells.reduce(0) { sum, cell in
            sum + surface(try #require(try Geometry(outlineOf: [cell]).polygons.first).shell)
        }
        #expect(abs(surface(polygon.shell) / sum - 1) < 1e-9)
    }

    @Test func anOutlineOverTheAntimeridianIsCutThere() throws {
        let cell = Self.cell(-17, 180)
        let polygons = try Geometry(outlineOf: try cell.gridDisk(1)).polygons
        #expect(polygons.count == 2)
        #expect(polygons.flatMap(\.shell).allSatisfy { abs($0.x) <= 180 })
        #expect(polygons.allSatisfy { polygon in polygon.shell.contains { abs($0.x) == 180 } })
    }
}
