import CAllocations
import H3

// Prints how often calls allocate that are documented to allocate nothing.

var sum: UInt64 = 0

/// Calls `body` for each element and prints its name and the number of allocations.
@MainActor
func count<Element>(_ name: String, over elements: [Element], _ body: (Element) throws -> UInt64) rethrows {
    // Allocations of the first calls, which set things up, are not counted.
    for element in elements.prefix(40) { sum &+= try body(element) }
    let before = allocations()
    for element in elements { sum &+= try body(element) }
    let allocated = allocations() - before
    print(name, allocated, separator: ": ")
}

let points: [LatLng] = (0..<400).map { number in
    LatLng(latitude: Double(number * 37 % 1800) / 10 - 90, longitude: Double(number * 101 % 3600) / 10 - 180)
}
let cells = try points.flatMap { point in
    try Resolution.allCases.map { try H3Cell(latitude: point.latitude, longitude: point.longitude, resolution: $0) }
}
let hexagons = cells.filter { (try? $0.gridDiskUnsafe(3)) != nil }
let edges = cells.map { $0.directedEdges[0] }
let vertexes = cells.map { $0.vertexes[0] }
var buffer = [H3Cell](repeating: cells[0], count: 400)
var bits = cells.map(\.bits)
var parents = bits
var latitudes = cells.map(\.center.latitude)
var longitudes = cells.map(\.center.longitude)
var boundaries = cells.map(\.boundary)

try count("latLngToCell", over: cells) { cell in
    try H3Cell(latitude: 43.6426, longitude: -79.3871, resolution: cell.resolution).bits
}
try count("latLngToCell on a border", over: cells) { cell in
    let vertex = cell.boundary[0]
    return try H3Cell(latitude: vertex.latitude, longitude: vertex.longitude, resolution: cell.resolution).bits
}
count("center", over: cells) { cell in cell.center.latitude.bitPattern }
count("boundary", over: cells) { cell in UInt64(cell.boundary.count) }
count("isValid", over: cells) { cell in H3Cell.isValid(cell.bits) && H3Cell(cell.bits) != nil ? 1 : 0 }
count("area", over: cells) { cell in cell.areaKm2.bitPattern }
try count("text", over: cells) { cell in try H3Cell(cell.description).bits }
try count("parent", over: cells) { cell in try cell.parent(at: cell.resolution.coarser ?? 0).bits }
try count("center child", over: cells) { cell in try cell.centerChild(at: cell.resolution.finer ?? 15).bits }
try count("child position", over: cells) { cell in UInt64(try cell.childPosition(at: 0)) }
try count("child", over: cells) { cell in try cell.child(at: 15, position: 0).bits }
try count("digit", over: cells) { cell in UInt64(try cell.digit(at: 7)) }
try count("neighbours", over: cells) { cell in try cell.isNeighbor(of: cell) ? 1 : 0 }
try count("distance", over: cells) { cell in UInt64(try cell.gridDistance(to: cell)) }
try count("local place", over: cells) { cell in try cell.cell(at: cell.localIJ(of: cell)).bits }
try count("vertex", over: cells) { cell in try cell.vertex(2).bits }
try count("children into a buffer", over: cells) { cell in
    var span = buffer.mutableSpan
    return UInt64(try cell.children(at: cell.resolution.finer ?? 15, into: &span))
}
try count("uncompact into a buffer", over: cells) { cell in
    var span = buffer.mutableSpan
    return UInt64(try H3Cell.uncompact([cell].span, at: cell.resolution.finer ?? 15, into: &span))
}

try count("disk into a buffer", over: hexagons) { cell in
    var span = buffer.mutableSpan
    return UInt64(try cell.gridDisk(3, into: &span))
}
try count("ring into a buffer", over: hexagons) { cell in
    var span = buffer.mutableSpan
    return UInt64(try cell.gridRing(3, into: &span))
}
try count("path into a buffer", over: hexagons) { cell in
    var span = buffer.mutableSpan
    return UInt64(try cell.gridPathCells(to: cell, into: &span))
}
count("edge", over: edges) { $0.destination.bits ^ $0.reversed.bits ^ UInt64($0.boundary.count) }
try count("edge between cells", over: edges) { try H3DirectedEdge(from: $0.origin, to: $0.destination).bits }
count("edge length", over: edges) { $0.lengthKm.bitPattern }
count("vertex place", over: vertexes) { $0.latLng.latitude.bitPattern }
count("great circle", over: points) { $0.greatCircleDistanceKm(to: points[7]).bitPattern }
try count("points in columns", over: Array(Resolution.allCases)) { resolution in
    var span = bits.mutableSpan
    try latLngToCells(latitudes: latitudes.span, longitudes: longitudes.span, resolution: resolution, into: &span)
    return 0
}
try count("centres in columns", over: [1, 2, 3]) { _ in
    var latitudeSpan = latitudes.mutableSpan
    var longitudeSpan = longitudes.mutableSpan
    try cellsToLatLngs(bits.span, latitudes: &latitudeSpan, longitudes: &longitudeSpan)
    return 0
}
try count("outlines in columns", over: [1, 2, 3]) { _ in
    var span = boundaries.mutableSpan
    try cellsToBoundaries(bits.span, into: &span)
    return 0
}
try count("parents in columns", over: Array(Resolution.allCases)) { resolution in
    var span = parents.mutableSpan
    try cellsToParents(bits.span, resolution: resolution, into: &span)
    return 0
}
try count("disk as an array", over: hexagons) { UInt64(try $0.gridDisk(1).count) }
// Without a use of the result, the compiler could remove the calls.
guard sum != 0 else { fatalError("no call answered anything") }
