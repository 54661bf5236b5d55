import Foundation
import H3
import Testing

struct EdgeVertexTests {
    @Test func edgesVertexesAreasAndFacesAreThoseOfTheReference() throws {
        for line in try golden("edges.txt") {
            let cell = try H3Cell(line[0])
            let tolerance = cell.resolution <= 6 ? 1e-11 : cell.resolution <= 9 ? 1e-9 : 1e-7
            let lists = line[2...].map { $0.split(separator: ",").map(String.init) }
            let area = try #require(Double(line[1]))
            #expect(abs(cell.areaRadians2 / area - 1) < tolerance, "\(cell)")
            #expect(cell.icosahedronFaces.map { String($0) } == lists[0])
            let edges = cell.directedEdges
            #expect(edges.map(\.description) == lists[1])
            #expect(edges.map(\.destination.description) == lists[2], "\(cell)")
            for (edge, length) in zip(edges, lists[3]) {
                let expected = try #require(Double(length))
                #expect(abs(edge.lengthRadians / expected - 1) < tolerance)
            }
            #expect(cell.vertexes.map(\.description) == lists[4], "\(cell)")
            for (index, vertex) in cell.vertexes.enumerated() {
                let latitude = try #require(Double(lists[5][2 * index]))
                #expect(abs(vertex.latLng.latitude - latitude) < 1e-11)
            }
        }
    }

    @Test(arguments: Resolution.allCases)
    func edgesAndVertexesAreSharedByNeighbors(resolution: Resolution) throws {
        for cell in try RandomCells(at: resolution, count: 10) {
            for edge in cell.directedEdges {
                #expect(H3DirectedEdge(edge.bits) == edge)
                #expect(try H3DirectedEdge(edge.description) == edge)
                #expect(edge.origin == cell)
                #expect(edge.reversed.origin == edge.destination, "\(edge)")
                #expect(edge.reversed.destination == cell, "\(edge)")
                #expect(edge.reversed.reversed == edge)
                #expect(try H3DirectedEdge(from: cell, to: edge.destination) == edge)
                let shared = Set(cell.vertexes).intersection(edge.destination.vertexes)
                #expect(shared.count == 2, "\(edge)")
                // Both cells have the same edge, in opposite directions.
                let (there, back) = (edge.boundary, edge.reversed.boundary.reversed())
                #expect(there.count == back.count, "\(edge)")
                for (vertex, other) in zip(there, back) {
                    #expect(vertex.greatCircleDistanceRadians(to: other) < 1e-14, "\(edge)")
                }
            }
            for vertex in cell.vertexes {
                #expect(H3Vertex(vertex.bits) == vertex)
                #expect(try H3Vertex(vertex.description) == vertex)
                #expect(vertex.owner <= cell)
                #expect(vertex.owner.vertexes.contains(vertex))
            }
        }
    }

    @Test func theEdgesOfACellAreItsOutline() throws {
        for resolution in Resolution.allCases {
            for cell in try RandomCells(at: resolution, count: 5) {
                let vertices = cell.directedEdges.flatMap { $0.boundary.dropLast() }
                #expect(vertices.count == cell.boundary.count, "\(cell)")
                #expect(
                    cell.boundary.allSatisfy { vertex in
                        vertices.contains { $0.greatCircleDistanceRadians(to: vertex) < 1e-14 }
                    }, "\(cell)")
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3] as [Resolution])
    func areasAddUpToTheSphere(resolution: Resolution) throws {
        let cells = try H3Cell.uncompact(H3Cell.resolution0Cells, at: resolution)
        #expect(cells.count == H3Cell.cellCount(at: resolution))
        let sum = cells.map(\.areaRadians2).reduce(0, +)
        #expect(abs(sum - 4 * .pi) < 1e-9)
        let kilometres = cells.map(\.areaKm2).reduce(0, +)
        let average = H3Cell.averageHexagonAreaKm2(at: resolution)
        #expect(abs(kilometres / Double(cells.count) / average - 1) < 0.05)
    }

    @Test func cellsThatAreNotNeighborsHaveNoEdge() throws {
        let cell = try H3Cell("85283473fffffff")
        for other in try cell.gridRing(2) + [cell] {
            #expect(throws: H3Error.notNeighbors) { try H3DirectedEdge(from: cell, to: other) }
            #expect(try !cell.isNeighbor(of: other))
        }
        #expect(throws: H3Error.resolutionMismatch) { try cell.isNeighbor(of: try cell.parent(at: 4)) }
        #expect(throws: H3Error.domain) { try cell.vertex(6) }
        #expect(throws: H3Error.domain) { try H3Cell.pentagons(at: 4)[0].vertex(5) }
    }
}
