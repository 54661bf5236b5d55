import H3
import Testing

/// Disks, rings, distances, paths and local coordinates of the shared vectors.
struct H3TraversalVectorTests {
    private struct Disk: Decodable {
        let o: String
        let rings: [[String]]
        let uD: [UInt32]
        let uR: [UInt32]
    }

    /// A value, or the name of the error instead.
    private enum Answer<Value: Decodable>: Decodable {
        case value(Value)
        case error(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Value.self) {
                self = .value(value)
            } else {
                self = .error(try container.decode(String.self))
            }
        }
    }

    private struct Pair: Decodable {
        let a: String
        let b: String
        let d: Answer<Int>
        let ij: Answer<[Int]>
        let nb: Answer<Int>
        let p: Answer<[String]>?
    }

    private struct Local: Decodable {
        let o: String
        let ij: [Int]
        let h: String
    }

    @Test func disksAndRingsMatch() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/grid_disk.jsonl.gz", as: Disk.self) {
            let origin = try H3Cell(record.o)
            for (k, ring) in record.rings.enumerated() {
                let expected = try ring.map { try H3Cell($0) }
                let refused = (ring: H3Error(rawValue: record.uR[k]), disk: H3Error(rawValue: record.uD[k]))
                let found = try origin.gridRing(k)
                #expect(found.sorted() == expected.sorted(), "\(origin) \(k)")
                if let error = refused.ring {
                    #expect(throws: error) { try origin.gridRingUnsafe(k) }
                } else {
                    #expect(found == expected)
                    #expect(try origin.gridRingUnsafe(k) == expected)
                }

                let rings = try record.rings[...k].map { try $0.map { try H3Cell($0) } }
                let disk = rings.flatMap { $0 }
                #expect(try origin.gridDisk(k).sorted() == disk.sorted(), "\(origin) \(k)")
                let distances = try origin.gridDiskDistances(k)
                for distance in 0...k {
                    let ring = distances.filter { $0.distance == distance }.map(\.cell)
                    #expect(ring.sorted() == rings[distance].sorted())
                }
                if let error = refused.disk {
                    #expect(throws: error) { try origin.gridDiskUnsafe(k) }
                } else {
                    #expect(try origin.gridDiskUnsafe(k).sorted() == disk.sorted())
                }

            }
        }
    }

    @Test func pairsMatch() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/grid_pairs.jsonl.gz", as: Pair.self) {
            let (a, b) = (try H3Cell(record.a), try H3Cell(record.b))
            expect(record.d, "\(a) \(b)") { () throws(H3Error) in try a.gridDistance(to: b) }
            expect(record.ij, "\(a) \(b)") { () throws(H3Error) in
                let place = try a.localIJ(of: b)
                return [place.i, place.j]
            }
            expect(record.nb, "\(a) \(b)") { () throws(H3Error) in try a.isNeighbor(of: b) ? 1 : 0 }
            if let path = record.p {
                expect(path, "\(a) \(b)") { () throws(H3Error) in try a.gridPathCells(to: b).map(\.description) }
            }
        }
    }

    @Test func localCoordinatesMatch() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/local_ij.jsonl.gz", as: Local.self) {
            let origin = try H3Cell(record.o)
            let place = LocalIJ(i: record.ij[0], j: record.ij[1])
            if let error = h3Error(record.h) {
                #expect(throws: error, "\(origin) \(place)") { try origin.cell(at: place) }
            } else {
                #expect(try origin.cell(at: place).description == record.h, "\(origin) \(place)")
            }
        }
    }

    private func expect<Value: Equatable>(
        _ answer: Answer<Value>, _ comment: Comment, _ call: () throws(H3Error) -> Value
    ) {
        do {
            let value = try call()
            if case .value(let expected) = answer {
                #expect(value == expected, comment)
            } else {
                Issue.record("\(comment): \(value), not \(answer)")
            }
        } catch {
            if case .error(let name) = answer {
                #expect(error.name == name, comment)
            } else {
                Issue.record("\(comment): \(error.name), not \(answer)")
            }
        }
    }
}
