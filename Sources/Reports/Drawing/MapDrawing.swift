import Domain
import Foundation
import H3

/// Draws cells, borders and names in Web Mercator, north up, with a scale.
struct MapDrawing {
    private static let earthRadius = 6_371.0088  // kilometres, the mean radius
    private static let mostLabels = 60

    let map: ReportMap
    let frame: Canvas.Rectangle
    let canvas: Canvas
    let words: ReportWords

    init(_ map: ReportMap, in frame: Canvas.Rectangle, on canvas: Canvas, _ words: ReportWords) {
        self.map = map
        self.frame = frame
        self.canvas = canvas
        self.words = words
    }

    func draw() {
        canvas.fill(frame, .ground)
        defer { canvas.stroke(frame, .rule) }
        guard let view = MapProjection(map, into: frame) else {
            canvas.text(
                words[.noCells], x: frame.x + 8, y: frame.y + 8, width: frame.width - 16, .init(size: 8, lines: 2))
            return
        }
        canvas.clipped(to: frame) {
            drawCells(view)
            let borders = map.borders.map { view.rings(of: $0.outline) }
            canvas.rings(borders.flatMap { $0 }, fill: nil, line: .border, width: 0.45)
            if let focus = map.focus {
                canvas.rings(view.rings(of: focus), fill: nil, line: .ink, width: 1.6)
            }
            drawNames(view, borders)
        }
        drawScale(view)
        if map.cells.isEmpty {
            canvas.text(
                words[.noCells], x: frame.x + 8, y: frame.y + 8, width: frame.width - 16,
                .init(size: 8, lines: 2, hasHalo: true))
        }
    }

    /// Draws the cells of a look as one shape, which keeps files small.
    private func drawCells(_ view: MapProjection) {
        var rings: [CellLook: [[Canvas.Point]]] = [:]
        for cell in map.cells {
            if let ring = view.ring(of: cell.cell) { rings[cell.look, default: []].append(ring) }
        }
        // The edges of cells would hide small ones.
        let width = view.pointsOfCell(map.resolution ?? 0) > 6 ? 0.35 : 0
        // Cells that say nothing first, so that the edges of the others are whole.
        for look in [CellLook.none, .cold, .low, .fading, .medium, .steady, .high, .growing, .critical, .new] {
            guard let shapes = rings[look] else { continue }
            canvas.rings(shapes, fill: Colour(look), line: width > 0 ? .paper : nil, width: width)
        }
        guard let chosen = map.chosen, let ring = view.ring(of: chosen) else { return }
        canvas.rings([ring], fill: nil, line: .ink, width: 1.6)
    }

    /// Writes the names of areas that are about as wide, in the order of the list, where no other name is.
    private func drawNames(_ view: MapProjection, _ borders: [[[Canvas.Point]]]) {
        let style = Canvas.TextStyle(size: 6.5, colour: .ink, isData: true, hasHalo: true)
        var taken: [Canvas.Rectangle] = []
        for (border, rings) in zip(map.borders, borders) {
            guard taken.count < Self.mostLabels else { return }
            let point = view.point(longitude: border.label.longitude, latitude: border.label.latitude)
            let edges = rings.joined().map(\.x)
            let room = (edges.max() ?? 0) - (edges.min() ?? 0)
            let size = canvas.measure(border.name, width: 90, style)
            // Else the names of many small areas would hide the map.
            guard size.width <= 1.2 * room else { continue }
            let box = Canvas.Rectangle(
                x: point.x - size.width / 2, y: point.y - size.height / 2, width: size.width, height: size.height)
            guard frame.contains(box), !taken.contains(where: box.overlaps) else { continue }
            canvas.text(border.name, x: box.x, y: box.y, width: size.width + 1, style)
            taken.append(box)
        }
    }

    private func drawScale(_ view: MapProjection) {
        let perPoint = Self.earthRadius * 2 * .pi * cos(view.middleLatitude * .pi / 180) / view.worldWidth
        let most = perPoint * frame.width / 4
        guard most > 0, most.isFinite else { return }
        let power = pow(10, log10(most).rounded(.down))
        let length = [5, 2, 1].map { $0 * power }.first { $0 <= most } ?? power
        let (x, y) = (frame.x + 8, frame.bottom - 9)
        let end = x + length / perPoint
        canvas.line(from: .init(x: x, y: y), to: .init(x: end, y: y), .paper, width: 3)
        canvas.line(from: .init(x: x, y: y), to: .init(x: end, y: y), .ink, width: 1.2)
        let digits = max(0, -Int(log10(length).rounded(.down)))
        let text = words[.scale, ["number": words.decimal(length, digits: digits)]]
        canvas.text(text, x: end + 4, y: y - 5, width: 80, .init(size: 6.5, hasHalo: true))
    }
}

/// Web Mercator, moved and scaled so that a map fills a frame.
struct MapProjection {
    /// The latitude at which Web Mercator ends.
    private static let latitudeLimit = 85.051129
    /// The room around the shapes, as a share of the frame.
    private static let padding = 0.04
    /// The least width and height of what is shown, as a share of the world: some 40 m.
    private static let leastSpan = 1e-6

    /// The width of the whole world in points.
    let worldWidth: Double
    let middleLatitude: Double
    /// The meridian in the middle; longitudes are taken within 180 degrees of it.
    private let middle: Double
    private let origin: Canvas.Point

    /// `nil` for a map without anything on it.
    init?(_ map: ReportMap, into frame: Canvas.Rectangle) {
        var places: [(longitude: Double, latitude: Double)] = []
        if let box = map.frame {
            places = [(box.west, box.south), (box.east, box.north)]
        } else {
            for cell in map.cells {
                places += cell.cell.boundary.map { ($0.longitude, $0.latitude) }
            }
            if map.cells.isEmpty {
                for ring in (map.borders.map(\.outline) + [map.focus].compactMap { $0 }).flatMap(\.polygons).joined() {
                    places += stride(from: 0, to: ring.count - 1, by: 2).map { (ring[$0], ring[$0 + 1]) }
                }
            }
        }
        guard let first = places.first else { return nil }
        // A box that crosses the antimeridian begins in the east.
        let reference = map.frame.map { $0.west > $0.east ? 180 : ($0.west + $0.east) / 2 } ?? first.longitude
        var (west, east) = (Double.infinity, -Double.infinity)
        var (south, north) = (Double.infinity, -Double.infinity)
        for place in places {
            let longitude = Self.near(reference, place.longitude)
            let height = Self.height(place.latitude)
            west = min(west, longitude)
            east = max(east, longitude)
            south = min(south, height)
            north = max(north, height)
        }
        let spans = (x: max((east - west) / 360, Self.leastSpan), y: max(north - south, Self.leastSpan))
        let share = 1 - 2 * Self.padding
        worldWidth = min(frame.width * share / spans.x, frame.height * share / spans.y)
        middle = (west + east) / 2
        let middleHeight = (south + north) / 2
        origin = Canvas.Point(
            x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 + middleHeight * worldWidth)
        middleLatitude = 180 / .pi * atan(sinh(middleHeight * 2 * .pi))
    }

    func point(longitude: Double, latitude: Double) -> Canvas.Point {
        Canvas.Point(
            x: origin.x + (Self.near(middle, longitude) - middle) / 360 * worldWidth,
            y: origin.y - Self.height(latitude) * worldWidth)
    }

    /// The outline of a cell; `nil` for one around a pole.
    func ring(of cell: H3Cell) -> [Canvas.Point]? {
        let boundary = cell.boundary
        guard let first = boundary.first else { return nil }
        let start = Self.near(middle, first.longitude)
        var ring: [Canvas.Point] = []
        var (west, east) = (start, start)
        for corner in boundary {
            let longitude = Self.near(start, corner.longitude)
            west = min(west, longitude)
            east = max(east, longitude)
            ring.append(
                Canvas.Point(
                    x: origin.x + (longitude - middle) / 360 * worldWidth,
                    y: origin.y - Self.height(corner.latitude) * worldWidth))
        }
        return east - west < 180 ? ring : nil
    }

    /// The rings of an area.
    func rings(of outline: AreaOutline) -> [[Canvas.Point]] {
        outline.polygons.joined().map { ring in
            guard let first = ring.first else { return [] }
            let start = Self.near(middle, first)
            return stride(from: 0, to: ring.count - 1, by: 2).map { index in
                Canvas.Point(
                    x: origin.x + (Self.near(start, ring[index]) - middle) / 360 * worldWidth,
                    y: origin.y - Self.height(ring[index + 1]) * worldWidth)
            }
        }
    }

    /// The width of a cell of a resolution in points, about.
    func pointsOfCell(_ resolution: Int) -> Double {
        guard let resolution = try? Resolution(resolution) else { return 0 }
        let kilometres = 2 * H3Cell.averageHexagonEdgeLengthKm(at: resolution)
        return kilometres / (40_030 * cos(middleLatitude * .pi / 180)) * worldWidth
    }

    /// The same meridian within 180 degrees of another one.
    private static func near(_ reference: Double, _ longitude: Double) -> Double {
        longitude - 360 * ((longitude - reference) / 360).rounded()
    }

    /// The height above the equator as a share of the world's width.
    private static func height(_ latitude: Double) -> Double {
        let bounded = min(max(latitude, -latitudeLimit), latitudeLimit) * .pi / 180
        return asinh(tan(bounded)) / (2 * .pi)
    }
}
