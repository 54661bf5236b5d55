import H3

extension H3Call {
    /// The functions of polygons. The flags of those without `Experimental`, which C ignores, are left out.
    static let regions: [String: Function] = [
        "polygonToCells": { arguments throws(H3Error) in
            let polygon = try arguments.polygon()
            return .cells(try H3Cell.polygonToCells(polygon, resolution: try arguments.resolution()))
        },
        "maxPolygonToCellsSize": { arguments throws(H3Error) in
            let polygon = try arguments.polygon()
            return .integer(try H3Cell.maxPolygonToCellsSize(polygon, resolution: try arguments.resolution()))
        },
        "polygonToCellsExperimental": { arguments throws(H3Error) in
            let (polygon, resolution) = (try arguments.polygon(), try arguments.resolution())
            let mode = try arguments.containment()
            return .cells(try H3Cell.polygonToCells(polygon, resolution: resolution, containment: mode))
        },
        "maxPolygonToCellsSizeExperimental": { arguments throws(H3Error) in
            let (polygon, resolution) = (try arguments.polygon(), try arguments.resolution())
            let mode = try arguments.containment()
            return .integer(try H3Cell.maxPolygonToCellsSize(polygon, resolution: resolution, containment: mode))
        },
        "cellsToLinkedMultiPolygon": outline,
        "cellsToMultiPolygon": outline,
        // Swift frees the memory by itself.
        "destroyLinkedMultiPolygon": { arguments throws(H3Error) in
            arguments = H3Arguments([])
            return .null
        },
    ]

    private static let outline: Function = { arguments throws(H3Error) in
        .multiPolygon(try H3Cell.multiPolygon(of: try arguments.cells()))
    }
}
