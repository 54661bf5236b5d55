// The table of lengths in this file is taken from uber/h3 v4.5.0:
// Copyright 2016-2021 Uber Technologies, Inc., licensed under the Apache License, Version 2.0 (see NOTICE).

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension AngleBox {
    /// A box around a cell, slightly too large; with `coversChildren`, around all its descendants too.
    init(_ cell: H3Cell, coversChildren: Bool) {
        let resolution = cell.resolution.number
        if resolution == 0 {
            self.init(cell.boundary.map(AnglePoint.init))
        } else {
            let center = AnglePoint(cell.center)
            let reach = Self.longestEdges[resolution]
            let reachEast = reach * (1 / cos(center.latitude))
            self.init(
                south: center.latitude - reach, north: center.latitude + reach,
                west: center.longitude - reachEast, east: center.longitude + reachEast)
        }
        self = scaled(coversChildren ? 1.4 : 1.1)
        if cell == H3Cell.cell(at: LatLng(latitude: 90, longitude: 0), resolution: resolution) { north = .pi / 2 }
        if cell == H3Cell.cell(at: LatLng(latitude: -90, longitude: 0), resolution: resolution) { south = -.pi / 2 }
        // Around a pole the box contains every longitude.
        if north == .pi / 2 || south == -.pi / 2 { (west, east) = (-.pi, .pi) }
    }

    /// The box of a closed line. Where an edge spans more than pi of longitude, the line crosses the antimeridian.
    init(_ line: some BidirectionalCollection<AnglePoint>) {
        guard var last = line.last else {
            self.init(south: 0, north: 0, west: 0, east: 0)
            return
        }
        self.init(south: .infinity, north: -.infinity, west: .infinity, east: -.infinity)
        var lowestEast = Double.greatestFiniteMagnitude
        var highestWest = -Double.greatestFiniteMagnitude
        var crosses = false
        for point in line {
            south = min(south, point.latitude)
            north = max(north, point.latitude)
            west = min(west, point.longitude)
            east = max(east, point.longitude)
            if point.longitude > 0 { lowestEast = min(lowestEast, point.longitude) }
            if point.longitude < 0 { highestWest = max(highestWest, point.longitude) }
            if abs(point.longitude - last.longitude) > .pi { crosses = true }
            last = point
        }
        if crosses { (west, east) = (lowestEast, highestWest) }
    }

    /// The longest edge of a cell at each resolution, in radians.
    static let longestEdges: InlineArray<16, Double> = [
        0.21577206265130, 0.08308767068495, 0.03148970436439, 0.01190662871439,
        0.00450053330908, 0.00170105523619, 0.00064293917678, 0.00024300820659,
        0.00009184847087, 0.00003471545901, 0.00001312121017, 0.00000495935129,
        0.00000187445860, 0.00000070847876, 0.00000026777980, 0.00000010121125,
    ]
}

/// A point by its latitude and longitude in radians.
struct AnglePoint {
    var latitude: Double
    var longitude: Double

    init(latitude: Double, longitude: Double) {
        self.latitude = latitude
        self.longitude = longitude
    }

    init(_ point: LatLng) {
        self.init(latitude: point.latitudeRadians, longitude: point.longitudeRadians)
    }
}
