import Foundation
import H3
import H3AVX2

// bench-h3 FOLDER: reads latitudes.f64 and longitudes.f64, writes cells-RES.u64 for each resolution, and prints a line
// `name resolution nanoseconds` for each function.
guard CommandLine.arguments.count == 2 else { fatalError("usage: bench-h3 FOLDER") }
let folder = URL(filePath: CommandLine.arguments[1])

func numbers(_ name: String) throws -> [Double] {
    try Data(contentsOf: folder.appending(path: name)).withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
}

let latitudes = try numbers("latitudes.f64")
let longitudes = try numbers("longitudes.f64")
let count = latitudes.count
var cells = [UInt64](repeating: 0, count: count)
var others = cells
var (latitudesOut, longitudesOut) = (latitudes, longitudes)

for resolution in [7, 9, 15] as [Resolution] {
    let portable = try fastest(of: count) {
        var span = cells.mutableSpan
        try latLngToCells(
            latitudes: latitudes.span, longitudes: longitudes.span, resolution: resolution, into: &span)
    }
    print("latLngToCells-portable", resolution, portable)

    if hasV3 {
        let wide = fastest(of: count) {
            latitudes.withUnsafeBufferPointer { latitudes in
                longitudes.withUnsafeBufferPointer { longitudes in
                    others.withUnsafeMutableBufferPointer {
                        WideKernel.latLngToCells(latitudes, longitudes, resolution: resolution, into: $0)
                    }
                }
            }
        }
        guard others == cells else { fatalError("the kernels differ at resolution \(resolution)") }
        print("latLngToCells-avx2", resolution, wide)
    }

    let single = try fastest(of: count) {
        for index in 0..<count {
            others[index] = try H3Cell(
                latitude: latitudes[index], longitude: longitudes[index], resolution: resolution
            ).bits
        }
    }
    guard others == cells else { fatalError("one point and batch differ at resolution \(resolution)") }
    print("latLngToCell", resolution, single)

    let centers = try fastest(of: count) {
        var latitudeSpan = latitudesOut.mutableSpan
        var longitudeSpan = longitudesOut.mutableSpan
        try cellsToLatLngs(cells.span, latitudes: &latitudeSpan, longitudes: &longitudeSpan)
    }
    print("cellsToLatLngs", resolution, centers)
    try cells.withUnsafeBytes { try Data($0).write(to: folder.appending(path: "cells-\(resolution).u64")) }
}
