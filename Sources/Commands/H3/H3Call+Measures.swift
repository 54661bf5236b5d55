import H3

extension H3Call {
    /// The functions of angles, areas, lengths and distances.
    static let measures: [String: Function] = [
        "degsToRads": { arguments throws(H3Error) in .number(LatLng.radians(fromDegrees: try arguments.number())) },
        "radsToDegs": { arguments throws(H3Error) in .number(LatLng.degrees(fromRadians: try arguments.number())) },
        "getHexagonAreaAvgKm2": { arguments throws(H3Error) in
            .number(H3Cell.averageHexagonAreaKm2(at: try arguments.resolution()))
        },
        "getHexagonAreaAvgM2": { arguments throws(H3Error) in
            .number(H3Cell.averageHexagonAreaM2(at: try arguments.resolution()))
        },
        "getHexagonEdgeLengthAvgKm": { arguments throws(H3Error) in
            .number(H3Cell.averageHexagonEdgeLengthKm(at: try arguments.resolution()))
        },
        "getHexagonEdgeLengthAvgM": { arguments throws(H3Error) in
            .number(H3Cell.averageHexagonEdgeLengthM(at: try arguments.resolution()))
        },
        "cellAreaRads2": { arguments throws(H3Error) in .number(try arguments.cell().areaRadians2) },
        "cellAreaKm2": { arguments throws(H3Error) in .number(try arguments.cell().areaKm2) },
        "cellAreaM2": { arguments throws(H3Error) in .number(try arguments.cell().areaM2) },
        "edgeLengthRads": { arguments throws(H3Error) in .number(try arguments.edge().lengthRadians) },
        "edgeLengthKm": { arguments throws(H3Error) in .number(try arguments.edge().lengthKm) },
        "edgeLengthM": { arguments throws(H3Error) in .number(try arguments.edge().lengthM) },
        "greatCircleDistanceRads": { arguments throws(H3Error) in
            let point = try arguments.point()
            return .number(point.greatCircleDistanceRadians(to: try arguments.point()))
        },
        "greatCircleDistanceKm": { arguments throws(H3Error) in
            let point = try arguments.point()
            return .number(point.greatCircleDistanceKm(to: try arguments.point()))
        },
        "greatCircleDistanceM": { arguments throws(H3Error) in
            let point = try arguments.point()
            return .number(point.greatCircleDistanceM(to: try arguments.point()))
        },
    ]
}
