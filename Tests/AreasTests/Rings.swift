@testable import Areas

/// The closed ring around a rectangle, counter-clockwise.
func rectangle(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> [Position] {
    [
        Position(west, south), Position(east, south), Position(east, north), Position(west, north),
        Position(west, south),
    ]
}

/// The surface of polygons, holes left out.
func surface(_ polygons: [Polygon]) -> Double {
    polygons.reduce(0) { sum, polygon in
        polygon.holes.reduce(sum + abs(Ring.doubleArea(polygon.shell)) / 2) { $0 - abs(Ring.doubleArea($1)) / 2 }
    }
}

extension Array where Element == Position {
    init(_ pairs: [(Double, Double)]) { self = pairs.map { Position($0.0, $0.1) } }
}
