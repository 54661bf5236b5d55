import H3

extension H3Call {
    /// The functions of points, indexes and their parts.
    static let indexing: [String: Function] = [
        "latLngToCell": { arguments throws(H3Error) in
            let (latitude, longitude) = (try arguments.number(), try arguments.number())
            let resolution = try arguments.resolution()
            return .index(try H3Cell(latitude: latitude, longitude: longitude, resolution: resolution).bits)
        },
        "cellToLatLng": { arguments throws(H3Error) in .point(try arguments.cell().center) },
        "cellToBoundary": { arguments throws(H3Error) in .points(try arguments.cell().boundary) },
        "getResolution": { arguments throws(H3Error) in .integer(try arguments.index().owner.resolution.number) },
        "getBaseCellNumber": { arguments throws(H3Error) in .integer(try arguments.index().owner.baseCell) },
        "getIndexDigit": { arguments throws(H3Error) in
            let owner = try arguments.index().owner
            return .integer(try owner.digit(at: try arguments.resolution()))
        },
        "constructCell": { arguments throws(H3Error) in
            let (resolution, baseCell) = (try arguments.resolution(), try arguments.integer())
            let digits = try arguments.integers()
            return .index(try H3Cell(resolution: resolution, baseCell: baseCell, digits: digits).bits)
        },
        "stringToH3": { arguments throws(H3Error) in .index(try arguments.bits()) },
        "h3ToString": { arguments throws(H3Error) in .index(try arguments.bits()) },
        "isValidCell": { arguments throws(H3Error) in .boolean(H3Cell.isValid(try arguments.bits())) },
        "isValidIndex": { arguments throws(H3Error) in .boolean(H3Index.isValid(try arguments.bits())) },
        "isResClassIII": { arguments throws(H3Error) in
            .boolean(try arguments.index().owner.isResolutionClassIII)
        },
        "isPentagon": { arguments throws(H3Error) in .boolean(try arguments.cell().isPentagon) },
        "maxFaceCount": { arguments throws(H3Error) in .integer(try arguments.cell().maxFaceCount) },
        "getIcosahedronFaces": { arguments throws(H3Error) in
            .list(try arguments.cell().icosahedronFaces.map { .integer($0) })
        },
        "describeH3Error": { arguments throws(H3Error) in
            // Codes are 32 bits wide, so a larger number is no code.
            .text(H3Error.description(ofCode: UInt32(exactly: try arguments.integer()) ?? .max))
        },
    ]
}
