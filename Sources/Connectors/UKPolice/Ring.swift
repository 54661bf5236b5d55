/// The outline of an area, as corners in degrees. It need not be closed.
package struct Ring: Hashable, Sendable {
    struct Corner: Hashable, Sendable {
        let latitude: Double
        let longitude: Double
    }

    let corners: [Corner]

    init(corners: [Corner]) {
        self.corners = corners
    }

    /// - Returns: `nil` for a text that is not `lat,lon:lat,lon:lat,lon`, three corners or more, of places on the
    ///   globe.
    init?(_ text: String) {
        var corners: [Corner] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: ",", omittingEmptySubsequences: false)
                .compactMap { Double($0.filter { $0 != " " }) }
            guard numbers.count == 2, numbers[0].magnitude <= 90, numbers[1].magnitude <= 180 else { return nil }
            corners.append(Corner(latitude: numbers[0], longitude: numbers[1]))
        }
        guard Set(corners).count >= 3 else { return nil }
        self.corners = corners
    }

    /// - Parameter box: West, south, east and north in degrees.
    init?(box: [Double]) {
        guard box.count == 4, box[0] < box[2], box[1] < box[3], box[0] >= -180, box[2] <= 180, box[1] >= -90,
            box[3] <= 90
        else { return nil }
        corners = [(1, 0), (1, 2), (3, 2), (3, 0)].map { Corner(latitude: box[$0.0], longitude: box[$0.1]) }
    }

    /// The ring as the API writes it, with six decimals, which are centimetres.
    var text: String {
        corners.map { "\(Self.written($0.latitude)),\(Self.written($0.longitude))" }.joined(separator: ":")
    }

    /// The two parts on either side of a line through the middle of the longer side of the box around it.
    ///
    /// Sutherland and Hodgman, "Reentrant Polygon Clipping", 1974. A part of a ring that is not convex may run back and
    /// forth along the line; no area is lost by that, and none is added.
    var halves: [Ring] {
        let latitudes = corners.map(\.latitude)
        let longitudes = corners.map(\.longitude)
        guard let south = latitudes.min(), let north = latitudes.max(), let west = longitudes.min(),
            let east = longitudes.max()
        else { return [] }
        let isTall = north - south > east - west
        let middle = isTall ? (south + north) / 2 : (west + east) / 2
        return [false, true].compactMap { isAbove in
            let part = clipped(isTall ? \.latitude : \.longitude, at: middle, isAbove: isAbove)
            return Set(part).count >= 3 ? Ring(corners: part) : nil
        }
    }

    private func clipped(_ side: KeyPath<Corner, Double>, at line: Double, isAbove: Bool) -> [Corner] {
        func isIn(_ corner: Corner) -> Bool { isAbove ? corner[keyPath: side] >= line : corner[keyPath: side] <= line }
        var part: [Corner] = []
        guard var last = corners.last else { return [] }
        for corner in corners {
            if isIn(corner) != isIn(last) {
                let share = (line - last[keyPath: side]) / (corner[keyPath: side] - last[keyPath: side])
                part.append(
                    Corner(
                        latitude: last.latitude + share * (corner.latitude - last.latitude),
                        longitude: last.longitude + share * (corner.longitude - last.longitude)))
            }
            if isIn(corner) { part.append(corner) }
            last = corner
        }
        return part
    }

    private static func written(_ degrees: Double) -> String {
        let millionths = Int64((degrees.magnitude * 1e6).rounded())
        let fraction = String(millionths % 1_000_000)
        let zeros = String(repeating: "0", count: 6 - fraction.count)
        return "\(degrees < 0 && millionths > 0 ? "-" : "")\(millionths / 1_000_000).\(zeros)\(fraction)"
    }
}
