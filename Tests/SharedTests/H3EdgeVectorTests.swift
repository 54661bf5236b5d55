import Foundation
import H3
import Testing

/// Directed edges, vertexes, areas, faces and lengths of the shared vectors.
struct H3EdgeVectorTests {
    private struct Cell: Decodable {
        let h: String
        let edges: [Edge?]
        let verts: [Vertex?]
    }

    private struct Edge: Decodable {
        let edge: String
        let destination: String
        let length: Double
        let reverse: String
        let boundary: [[Double]]?

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            edge = try list.decode(String.self)
            destination = try list.decode(String.self)
            length = try list.decode(Double.self)
            reverse = try list.decode(String.self)
            boundary = list.isAtEnd ? nil : try list.decode([[Double]].self)
        }
    }

    private struct Vertex: Decodable {
        let vertex: String
        let latLng: [Double]

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            vertex = try list.decode(String.self)
            latLng = [try list.decode(Double.self), try list.decode(Double.self)]
        }
    }

    private struct Geometry: Decodable {
        let h: String
        let a: Double
        let f: [Int]
    }

    @Test func edgesAndVertexesMatch() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/edges_vertexes.jsonl.gz", as: Cell.self) {
            let cell = try H3Cell(record.h)
            let expected = record.edges.compactMap { $0 }
            #expect(cell.directedEdges.map(\.description) == expected.map(\.edge))
            for (edge, expected) in zip(cell.directedEdges, expected) {
                #expect(edge.origin == cell)
                #expect(edge.destination.description == expected.destination, "\(edge)")
                #expect(edge.reversed.description == expected.reverse, "\(edge)")
                #expect(try H3DirectedEdge(from: cell, to: edge.destination) == edge)
                expectClose(edge.lengthRadians, expected.length, tolerance(cell), "\(edge)")
                if let boundary = expected.boundary {
                    #expect(edge.boundary.count == boundary.count)
                    for (vertex, point) in zip(edge.boundary, boundary) { expectClose(vertex, point, "\(edge)") }
                }
            }
            // Without the null index that C returns in place of a pentagon's sixth.
            let vertexes = record.verts.compactMap { $0 }
            #expect(cell.vertexes.map(\.description) == vertexes.map(\.vertex), "\(cell)")
            for (vertex, expected) in zip(cell.vertexes, vertexes) {
                expectClose(vertex.latLng, expected.latLng, "\(vertex)")
                #expect(H3Vertex.isValid(vertex.bits))
            }
        }
    }

    @Test func areasAndFacesMatch() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/cells_geometry.jsonl.gz", as: Geometry.self) {
            let cell = try H3Cell(record.h)
            expectClose(cell.areaRadians2, record.a, tolerance(cell), "\(cell)")
            #expect(cell.icosahedronFaces == record.f, "\(cell)")
            #expect(cell.icosahedronFaces.count <= cell.maxFaceCount)
        }
    }

    @Test func validityMatches() throws {
        for line in try SharedFolder.lines("h3/vectors/oracle/validity.txt.gz") {
            let fields = line.split(separator: " ")
            let bits = try #require(UInt64(fields[0], radix: 16))
            let flags = try #require(UInt8(fields[1], radix: 16))
            #expect(H3DirectedEdge.isValid(bits) == (flags & 2 != 0), "\(fields[0])")
            #expect(H3Vertex.isValid(bits) == (flags & 4 != 0), "\(fields[0])")
        }
    }

    /// The relative tolerance to which two versions of the reference agree for areas and lengths.
    private func tolerance(_ cell: H3Cell) -> Double {
        cell.resolution <= 6 ? 1e-11 : cell.resolution <= 9 ? 1e-9 : 1e-7
    }

    private func expectClose(_ value: Double, _ expected: Double, _ relative: Double, _ comment: Comment) {
        #expect(abs(value - expected) <= relative * expected, comment)
    }

    private func expectClose(_ point: LatLng, _ expected: [Double], _ comment: Comment) {
        let turn = (point.longitude - expected[1]).remainder(dividingBy: 360)
        #expect(abs(point.latitude - expected[0]) <= 1e-11, comment)
        #expect(abs(turn * cos(expected[0] * .pi / 180)) <= 1e-11, comment)
    }
}
