import Foundation
import H3
import Testing

/// Centres and outlines of the shared vectors.
struct H3GeometryVectorTests {
    private struct Geometry: Decodable {
        let h: String
        let c: [Double]
        let b: [[Double]]
        let p: Int
    }

    @Test func oracleCentersBoundariesAndPentagonsMatch() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/cells_geometry.jsonl.gz", as: Geometry.self) {
            let cell = try H3Cell(record.h)
            #expect(cell.isPentagon == (record.p == 1), "\(cell)")
            expectClose(cell.center, record.c, 1e-11, cell)
            expectOutline(cell, record.b, 1e-11)
        }
    }

    @Test func upstreamCentersMatch() throws {
        for file in try SharedFolder.files(in: "h3/vectors/upstream", ending: "ic.txt.gz") {
            for line in try SharedFolder.lines(file) {
                let fields = line.split(separator: " ")
                let cell = try H3Cell(String(fields[0]))
                expectClose(cell.center, try fields[1...].map { try #require(Double($0)) }, 1e-9, cell)
            }
        }
    }

    @Test func upstreamOutlinesMatch() throws {
        for file in try SharedFolder.files(in: "h3/vectors/upstream", ending: "cells.txt.gz") {
            var vertices = [[Double]]()
            var cell: H3Cell?
            for line in try SharedFolder.lines(file) {
                let fields = line.split(whereSeparator: \.isWhitespace)
                switch (fields.count, fields.first) {
                case (1, "{"): vertices = []
                case (1, "}"): expectOutline(try #require(cell), vertices, 1e-9)
                case (2, _): vertices.append(try fields.map { try #require(Double($0)) })
                default: cell = try H3Cell(String(try #require(fields.first)))
                }
            }
        }
    }

    private func expectOutline(_ cell: H3Cell, _ vertices: [[Double]], _ tolerance: Double) {
        #expect(cell.boundary.count == vertices.count, "\(cell)")
        for (vertex, expected) in zip(cell.boundary, vertices) { expectClose(vertex, expected, tolerance, cell) }
    }

    /// Latitude, and longitude on the scale of latitude, agree to `tolerance` degrees.
    private func expectClose(_ point: LatLng, _ expected: [Double], _ tolerance: Double, _ cell: H3Cell) {
        let turn = (point.longitude - expected[1]).remainder(dividingBy: 360)
        let isClose =
            abs(point.latitude - expected[0]) <= tolerance
            && abs(turn * cos(expected[0] * .pi / 180)) <= tolerance
        #expect(isClose, "\(cell): \(point), not \(expected)")
    }
}
