import H3

// scripts/fuzz-h3 compiles this with the library, its commands and libFuzzer, which calls the function below with bytes
// that it varies to reach more and more of the code. A trap or a broken law ends it.

/// One run: every function of the library that takes an index or a number, with arguments from the bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(UnsafeBufferPointer(start: start, count: count))
    let (bits, otherBits) = (input.index(), input.index())
    callAny(H3Cell(unchecked: bits), H3Cell(unchecked: otherBits), &input)
    if let cell = H3Cell(bits) { expectLaws(cell, H3Cell(otherBits)) }
    if let edge = H3DirectedEdge(bits) {
        precondition(edge.reversed.reversed == edge)
        precondition(edge.boundary.count >= 2)
    }
    if let vertex = H3Vertex(bits) { precondition(vertex.owner.vertexes.contains(vertex)) }
    callPolygons(&input)
    callBatches(&input)
    callLines(&input)
    return 0
}

/// Calls everything on any bits; nothing may trap.
private func callAny(_ cell: H3Cell, _ other: H3Cell, _ input: inout FuzzInput) {
    let (resolution, k) = (input.resolution(), Int(input.byte() % 6) - 1)
    let number = input.integer()
    _ = (cell.description, cell.boundary, cell.center, cell.isPentagon, cell.icosahedronFaces, cell.maxFaceCount)
    _ = (cell.areaRadians2, cell.areaKm2, cell.areaM2, cell.directedEdges, cell.vertexes.map(\.latLng))
    _ = try? cell.parent(at: resolution)
    _ = try? cell.centerChild(at: resolution)
    _ = try? cell.childCount(at: resolution)
    _ = try? cell.childPosition(at: resolution)
    _ = try? cell.digit(at: resolution)
    _ = try? cell.child(at: resolution, position: number)
    if resolution.number - cell.resolution.number < 4 { _ = try? cell.children(at: resolution) }
    _ = try? cell.gridDisk(k)
    _ = try? cell.gridDiskDistances(k)
    _ = try? cell.gridDiskUnsafe(k)
    _ = try? H3Cell.gridDisksUnsafe([cell, other], k)
    _ = try? cell.gridRing(k)
    _ = try? cell.gridRingUnsafe(k)
    _ = try? H3Cell.maxGridDiskSize(number)
    _ = try? H3Cell.maxGridRingSize(number)
    _ = try? cell.gridDistance(to: other)
    if let size = try? cell.gridPathCellsSize(to: other), size < 1000 { _ = try? cell.gridPathCells(to: other) }
    _ = try? cell.localIJ(of: other)
    _ = try? cell.cell(at: LocalIJ(i: number, j: input.integer()))
    _ = try? cell.cell(at: LocalIJ(i: number % 1000, j: input.integer() % 1000))
    _ = try? cell.isNeighbor(of: other)
    _ = try? cell.vertex(Int(input.byte()) - 1)
    _ = try? H3DirectedEdge(from: cell, to: other)
    _ = try? H3Cell.compact([cell, other])
    _ = try? H3Cell.uncompactedCount(of: [cell, other], at: resolution)
    _ = try? H3Cell.multiPolygon(of: [cell, other])
    let edge = H3DirectedEdge(unchecked: cell.bits)
    _ = (edge.origin, edge.destination, edge.reversed, edge.boundary, edge.lengthRadians)
    _ = (H3Vertex(unchecked: cell.bits).latLng, H3Vertex(unchecked: cell.bits).owner, H3Index(cell.bits))
    let point = input.point()
    _ = try? H3Cell(latitude: point.latitude, longitude: point.longitude, resolution: resolution)
    _ = point.greatCircleDistanceKm(to: input.point())
    let text = String(decoding: (0..<20).map { _ in input.byte() }, as: UTF8.self)
    _ = try? H3Cell(text)
    _ = try? H3Index(text)
    _ = try? H3Cell(resolution: resolution, baseCell: number, digits: [number, k])
}

/// Checks the laws that hold for every valid cell.
private func expectLaws(_ cell: H3Cell, _ other: H3Cell?) {
    precondition((try? H3Cell(cell.description)) == cell)
    let center = cell.center
    let again = try? H3Cell(latitude: center.latitude, longitude: center.longitude, resolution: cell.resolution)
    precondition(again == cell)
    for resolution in Resolution.allCases.prefix(while: { $0 <= cell.resolution }) {
        guard let parent = try? cell.parent(at: resolution), let position = try? cell.childPosition(at: resolution)
        else { preconditionFailure() }
        precondition(H3Cell.isValid(parent.bits))
        precondition((try? parent.child(at: cell.resolution, position: position)) == cell)
    }
    for edge in cell.directedEdges {
        precondition(H3DirectedEdge.isValid(edge.bits) && H3Cell.isValid(edge.destination.bits))
        precondition(edge.reversed.destination == cell)
    }
    for vertex in cell.vertexes { precondition(H3Vertex.isValid(vertex.bits)) }
    precondition((try? cell.gridDisk(2))?.allSatisfy { H3Cell.isValid($0.bits) } == true)
    if let other, let place = try? cell.localIJ(of: other), let back = try? cell.cell(at: place) {
        precondition(H3Cell.isValid(back.bits))
    }
}

/// Fills a polygon of a few points at a resolution coarse enough for a small result.
private func callPolygons(_ input: inout FuzzInput) {
    let points = (0..<Int(input.byte() % 6)).map { _ in input.point() }
    let hole = (0..<Int(input.byte() % 4)).map { _ in input.point() }
    let resolution = Resolution.allCases[Int(input.byte() % 3)]
    guard let mode = ContainmentMode(rawValue: UInt32(input.byte() % 4)) else { return }
    let polygon = GeoPolygon(shell: points, holes: hole.isEmpty ? [] : [hole])
    guard let cells = try? H3Cell.polygonToCells(polygon, resolution: resolution, containment: mode) else { return }
    precondition(Set(cells).count == cells.count && cells.allSatisfy { H3Cell.isValid($0.bits) })
    let size = try? H3Cell.maxPolygonToCellsSize(polygon, resolution: resolution, containment: mode)
    precondition(size.map { $0 >= cells.count } == true)
}
