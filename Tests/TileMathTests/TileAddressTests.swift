import Testing
import TileMath

@Suite struct TileAddressTests {
    @Test(arguments: [
        (-1, 0, 0, TileAddressError.Field.z), (23, 0, 0, .z), (.min, 0, 0, .z), (.max, 0, 0, .z),
        (0, 1, 0, .x), (3, 8, 0, .x), (3, -1, 8, .x), (22, 1 << 22, 0, .x),
        (0, 0, 1, .y), (3, 7, 8, .y), (3, 0, -1, .y), (3, 0, .max, .y),
    ])
    func numberOutOfRangeNamesItsField(z: Int, x: Int, y: Int, field: TileAddressError.Field) {
        let error = #expect(throws: TileAddressError.self) { try TileAddress(z: z, x: x, y: y) }
        #expect(error?.field == field)
        #expect(error?.description.hasPrefix("\(field.rawValue) must be from 0 to ") == true)
    }

    @Test(arguments: [(0, 0), (1, 1), (22, 4_194_303)])
    func lastTileOfAZoomIsAccepted(z: Int, last: Int) throws {
        #expect(try TileAddress(z: z, x: last, y: last).description == "\(z)/\(last)/\(last)")
    }

    @Test func zoomLimitIsTheCallers() throws {
        let error = #expect(throws: TileAddressError.self) { try TileAddress(z: 15, x: 0, y: 0, maximumZoom: 14) }
        #expect(error?.description == "z must be from 0 to 14, not 15")
        #expect(try TileAddress(z: 30, x: 1_073_741_823, y: 0, maximumZoom: 30).x == 1_073_741_823)
    }

    @Test func pathIsReadAsDecimalNumbers() throws {
        #expect(try TileAddress(pathZ: "10", x: "286", y: "373") == TileAddress(z: 10, x: 286, y: 373))
        #expect(try TileAddress(pathZ: "0", x: "0", y: "0".dropFirst(0)) == TileAddress(z: 0, x: 0, y: 0))
    }

    @Test(arguments: [
        "", "+1", "-1", "-0", " 1", "1 ", "01", "00", "1.0", "1e1", "0x1", "\u{0661}", "1\u{0301}", "abc",
        "99999999999", "18446744073709551617", "340282366920938463463374607431768211457",
    ])
    func malformedSegmentNamesItsField(segment: String) {
        let z = #expect(throws: TileAddressError.self) { try TileAddress(pathZ: segment, x: "0", y: "0") }
        let x = #expect(throws: TileAddressError.self) { try TileAddress(pathZ: "5", x: segment, y: "0") }
        let y = #expect(throws: TileAddressError.self) { try TileAddress(pathZ: "5", x: "0", y: segment) }
        #expect([z?.field, x?.field, y?.field] == [.z, .x, .y])
    }

    @Test func orderIsByZoomThenRowThenColumn() throws {
        let addresses = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1), (2, 0, 0)]
        let sorted = try addresses.map { try TileAddress(z: $0, x: $1, y: $2) }
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test func childrenFillTheirParent() throws {
        let tile = try TileAddress(z: 10, x: 286, y: 373)
        let children = tile.children
        #expect(children.map(\.description) == ["11/572/746", "11/573/746", "11/572/747", "11/573/747"])
        #expect(children.allSatisfy { $0.parent == tile })
        #expect(children[0].mercatorBounds.minX == tile.mercatorBounds.minX)
        #expect(children[0].mercatorBounds.maxY == tile.mercatorBounds.maxY)
        #expect(children[3].mercatorBounds.maxX == tile.mercatorBounds.maxX)
        #expect(children[3].mercatorBounds.minY == tile.mercatorBounds.minY)
        #expect(children[0].mercatorBounds.maxX == children[1].mercatorBounds.minX)
    }

    @Test func familyEndsAtBothEnds() throws {
        #expect(try TileAddress(z: 0, x: 0, y: 0).parent == nil)
        #expect(try TileAddress(z: 30, x: 0, y: 0, maximumZoom: 30).children.isEmpty)
    }
}
