import Foundation
import H3

// bench-h3 FOLDER RESOLUTION: reads latitudes.f64, longitudes.f64 and city.f64, writes the arrays of cells that libh3.c
// reads, and prints a line of JSON for each function (see `measure`).
guard CommandLine.arguments.count == 3, let number = Int(CommandLine.arguments[2]) else {
    fatalError("usage: bench-h3 FOLDER RESOLUTION")
}
let resolution = try Resolution(number)
let folder = Folder(url: URL(filePath: CommandLine.arguments[1]))
let points = Points(
    latitudes: try folder.doubles("latitudes.f64"), longitudes: try folder.doubles("longitudes.f64"),
    resolution: resolution)
let cells = try points.run()
let single = try SingleCells(cells: cells, resolution: resolution)
try folder.write(cells.map(\.bits), to: "cells-\(resolution).u64")
try folder.write(single.others.map(\.bits), to: "others-\(resolution).u64")
let sets = try CellSets(cells: cells, resolution: resolution)
try folder.write(sets.compactable.map(\.bits), to: "set-\(resolution).u64")
try single.run()
try sets.run()
if resolution == 9 { try City(coordinates: try folder.doubles("city.f64"), resolution: resolution).run() }
