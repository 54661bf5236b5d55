import H3
import Testing

struct GridTests {
    @Test func ringsAreThoseOfTheReference() throws {
        for line in try golden("disks.txt") {
            let cell = try H3Cell(line[0])
            let k = try #require(Int(line[1]))
            #expect(try cell.gridRing(k).map(\.description).sorted() == Array(line[2...]), "\(cell) \(k)")
        }
    }

    @Test func distancesPlacesAndPathsAreThoseOfTheReference() throws {
        for line in try golden("pairs.txt") {
            let (cell, other) = (try H3Cell(line[0]), try H3Cell(line[1]))
            guard line[2] != "E" else {
                #expect(throws: H3Error.self) { try cell.gridPathCells(to: other) }
                continue
            }
            let place = LocalIJ(i: try #require(Int(line[3])), j: try #require(Int(line[4])))
            #expect(try cell.gridDistance(to: other) == Int(line[2]), "\(cell) \(other)")
            #expect(try cell.localIJ(of: other) == place, "\(cell) \(other)")
            #expect(try cell.cell(at: place) == other)
            #expect(try cell.gridPathCells(to: other).map(\.description) == Array(line[5...]))
        }
    }

    @Test(arguments: Resolution.allCases)
    func disksAreSymmetricAndMadeOfRings(resolution: Resolution) throws {
        for cell in try RandomCells(at: resolution, count: 5) {
            let disk = try cell.gridDisk(2)
            #expect(Set(disk).count == disk.count)
            for other in disk { #expect(try other.gridDisk(2).contains(cell), "\(cell) \(other)") }
            let rings = try (0...2).flatMap { k in try cell.gridRing(k) }
            #expect(rings.sorted() == disk.sorted())
            let distances = try cell.gridDiskDistances(2)
            #expect(distances.map(\.cell).sorted() == disk.sorted())
            #expect(try distances.allSatisfy { try cell.gridRing($0.distance).contains($0.cell) })
        }
    }

    @Test func buffersAreFilledInTheSameOrder() throws {
        for cell in try RandomCells(at: 6, count: 10) {
            var buffer = [H3Cell](repeating: cell, count: 37)
            var span = buffer.mutableSpan
            let disk = try cell.gridDisk(3, into: &span)
            #expect(try Array(buffer[..<disk]) == cell.gridDisk(3))
            var other = [H3Cell](repeating: cell, count: 18)
            var otherSpan = other.mutableSpan
            let ring = try cell.gridRing(3, into: &otherSpan)
            #expect(try Array(other[..<ring]) == cell.gridRing(3))
            #expect(throws: H3Error.memoryBounds) {
                var short = [H3Cell](repeating: cell, count: 36)
                var shortSpan = short.mutableSpan
                try cell.gridDisk(3, into: &shortSpan)
            }
        }
    }

    /// Small disks use a table, the others are walked.
    @Test(arguments: Resolution.allCases)
    func smallDisksInABufferAreThoseThatAreWalked(resolution: Resolution) throws {
        let cells = try RandomCells(at: resolution, count: 400, seed: 500).flatMap { cell in
            [cell] + (cell.isPentagon ? try cell.gridDisk(4) : [])
        }
        var buffer = [H3Cell](repeating: cells[0], count: 19)
        var span = buffer.mutableSpan
        for cell in cells {
            for k in 1...2 {
                let count = try cell.gridDisk(k, into: &span)
                #expect(try (0..<count).map { span[$0] } == cell.gridDisk(k), "\(cell)")
            }
        }
    }

    @Test func walkingOntoAPentagonIsRefused() throws {
        let pentagon = H3Cell.pentagons(at: 5)[2]
        #expect(throws: H3Error.pentagon) { try pentagon.gridDiskUnsafe(1) }
        #expect(throws: H3Error.pentagon) { try pentagon.gridRingUnsafe(1) }
        for neighbor in try pentagon.gridRing(1) {
            #expect(throws: H3Error.pentagon) { try neighbor.gridDiskUnsafe(1) }
            #expect(throws: H3Error.pentagon) { try H3Cell.gridDisksUnsafe([neighbor], 1) }
        }
        let far = try H3Cell("85283473fffffff")
        #expect(try H3Cell.gridDisksUnsafe([far, far], 2) == far.gridDisk(2) + far.gridDisk(2))
    }

    @Test func aDiskThatCoversTheSphereEndsThere() throws {
        let cell = H3Cell.resolution0Cells[30]
        #expect(try cell.gridDisk(100_000_000).sorted() == H3Cell.resolution0Cells)
        #expect(try cell.gridRing(1000).isEmpty)
    }

    @Test(arguments: [-1, Int.min])
    func negativeDistancesAreRefused(k: Int) throws {
        let cell = try H3Cell("85283473fffffff")
        #expect(throws: H3Error.domain) { try cell.gridDisk(k) }
        #expect(throws: H3Error.domain) { try cell.gridRing(k) }
        #expect(throws: H3Error.domain) { try cell.gridRingUnsafe(k) }
        #expect(throws: H3Error.domain) { try cell.gridDiskDistances(k) }
        #expect(throws: H3Error.domain) { try H3Cell.maxGridRingSize(k) }
    }

    @Test func disksThatNoArrayHoldsAreRefused() throws {
        let cell = try H3Cell("8f283080dcb0ae2")
        for k in [1_000_000, 13_780_510] {
            #expect(throws: H3Error.memoryAllocation) { try cell.gridDiskUnsafe(k) }
        }
    }

    @Test(arguments: [Int.min, Int(Int32.min), 1 << 29, Int(Int32.max), Int.max])
    func placesFarOutHaveNoCell(number: Int) throws {
        for cell in try RandomCells(at: 15, count: 3) {
            #expect(throws: H3Error.failed) { try cell.cell(at: LocalIJ(i: number, j: 0)) }
            #expect(throws: H3Error.failed) { try cell.cell(at: LocalIJ(i: 3, j: number)) }
        }
    }

    @Test func aPathLeadsFromNeighborToNeighbor() throws {
        for cell in try RandomCells(at: 7, count: 10) {
            for other in try cell.gridRing(6) {
                guard let path = try? cell.gridPathCells(to: other) else { continue }
                #expect(path.first == cell)
                #expect(path.last == other)
                #expect(try path.count == cell.gridDistance(to: other) + 1)
                for (from, to) in zip(path, path.dropFirst()) { #expect(try from.isNeighbor(of: to)) }
            }
        }
    }
}
