import Foundation
import H3
import Outlook

/// Reads an array of numbers as they are in memory.
func numbers<Number>(_ file: URL, as type: Number.Type) throws -> [Number] {
    let data = try Data(contentsOf: file)
    return data.withUnsafeBytes { bytes in
        (0..<bytes.count / MemoryLayout<Number>.size).map {
            bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: type)
        }
    }
}

func write<Number>(_ numbers: [Number], to file: URL) throws {
    try numbers.withUnsafeBytes { try Data($0).write(to: file) }
}

/// The cells and rows of counts of a folder.
func grid(in folder: URL) throws -> (area: StudyArea, rows: [[Int32]]) {
    let cells = try numbers(folder.appending(path: "cells.u64"), as: UInt64.self)
    let counts = try numbers(folder.appending(path: "counts.i32"), as: Int32.self)
    let area = try StudyArea(cells: cells)
    guard area.cells.map(\.bits) == cells else { fail("cells.u64: the cells do not ascend") }
    return (area, stride(from: 0, to: counts.count, by: cells.count).map { Array(counts[$0..<$0 + cells.count]) })
}

/// Runs some work a few times, and returns the least number of seconds it took.
func fastest<Result>(_ times: Int, _ work: () throws -> Result) rethrows -> (seconds: Double, result: Result) {
    let clock = ContinuousClock()
    func once() throws -> (Double, Result) {
        let began = clock.now
        let result = try work()
        return ((clock.now - began) / .seconds(1), result)
    }
    var best = try once()
    for _ in 1..<times {
        let next = try once()
        if next.0 < best.0 { best = next }
    }
    return (best.0, best.1)
}

func measureHotSpots(in folder: URL) throws {
    let (area, rows) = try grid(in: folder)
    let whole = try fastest(5) {
        var spots = try HotSpots(area: area, window: rows.count)
        for row in rows { try spots.append(row) }
        return (spots, try spots.classified())
    }
    var (spots, found) = whole.result
    let newest = try fastest(5) {
        try spots.append(rows[0])
        return try spots.classified()
    }
    (spots, found) = whole.result
    try write(spots.scores.flatMap { $0 }, to: folder.appending(path: "scores.f64"))
    try write(found.trends.map(\.p), to: folder.appending(path: "p.f64"))
    print("{\"seconds\": \(whole.seconds), \"newest\": \(newest.seconds)}")
}

func measureForecast(in folder: URL, horizon: Int) throws {
    let (area, rows) = try grid(in: folder)
    let days = try rows.map { row in
        let chosen = row.indices.filter { row[$0] > 0 }
        return try area.counts(cells: chosen.map { area.cells[$0].bits }, counts: chosen.map { row[$0] })
    }
    let first = day(2021, 1, 1)
    let plain = try fastest(3) {
        var forecaster = try Forecaster(area: area, from: first, horizon: horizon, warmUp: 100_000)
        for day in days { forecaster.add(day) }
        return forecaster.forecast()
    }
    let fitted = try fastest(1) {
        var forecaster = try Forecaster(area: area, from: first, horizon: horizon, warmUp: 120)
        for day in days { forecaster.add(day) }
        forecaster.fit()
        return forecaster.forecast()
    }
    var forecaster = try Forecaster(area: area, from: first, horizon: horizon, warmUp: 100_000)
    let update = fastest(1) { for day in days { forecaster.add(day) } }
    try write(plain.result.expected, to: folder.appending(path: "means.f64"))
    print(
        "{\"seconds\": \(plain.seconds), \"fitted\": \(fitted.seconds), \"day\": \(update.seconds / Double(days.count))}"
    )
}
