import Domain
import Foundation
import Outlook

func day(_ year: Int, _ month: Int, _ day: Int) -> LocalDay {
    LocalDay(year: year, month: month, day: day) ?? LocalDay(number: 0)
}

/// Evaluates forecasts of counts in a file with lines `YYYY-MM-DD,cell,count`, over the convex cover of the cells that
/// had an event before the period. A day that the file has no line for counts as one without records.
func evaluate(_ file: URL, _ period: ClosedRange<LocalDay>, horizon: Int, report target: URL?) throws {
    var counts: [LocalDay: (cells: [UInt64], counts: [Int32])] = [:]
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let fields = line.split(separator: ",")
        guard fields.count == 3, let day = LocalDay(fields[0]), let cell = UInt64(fields[1], radix: 16),
            let count = Int32(fields[2])
        else { fail("not a line of day, cell and count: \(line)") }
        counts[day, default: ([], [])].cells.append(cell)
        counts[day, default: ([], [])].counts.append(count)
    }
    guard let first = counts.keys.min() else { fail("no counts in \(file.path)") }
    let past = counts.filter { $0.key < period.lowerBound }.flatMap(\.value.cells)
    let area = try StudyArea.covering(events: past)
    let history = try (0...first.distance(to: period.upperBound)).map { offset in
        try counts[first.advanced(by: offset)].map { try area.counts(cells: $0.cells, counts: $0.counts) }
    }
    let evaluation = Evaluation(horizon: horizon, period: period)
    let clock = ContinuousClock()
    let began = clock.now
    let report = try evaluation.report(area: area, from: first, history: history)
    let seconds = (clock.now - began) / .seconds(1)
    print(
        "\(area.count) cells, \(report.origins.count) origins from \(period.lowerBound), horizon \(horizon), "
            + "\(Int(report.methods[0].events)) events, \(report.outside) outside, \(fixed(seconds, 1)) s")
    print("| method | log score | Poisson | CRPS | Poisson | PAI 1 / 2.5 / 5 % | PEI | cover 50 / 90 % | expected |")
    print("|---|---|---|---|---|---|---|---|---|")
    for method in report.methods { print(row(method)) }
    print("\n| against | log score | CRPS | PAI 1 % | 2.5 % | 5 % |")
    print("|---|---|---|---|---|---|")
    for comparison in report.comparisons {
        let differences = [comparison.logScore, comparison.crps]
        let fields =
            differences.map { "\(fixed($0.value, 5)) [\(fixed($0.low, 5)), \(fixed($0.high, 5))]" }
            + comparison.pai.map { "\(fixed($0.value, 2)) [\(fixed($0.low, 2)), \(fixed($0.high, 2))]" }
        print("| \(comparison.rival) | \(fields.joined(separator: " | ")) |")
    }
    let calibration = report.methods[0].calibration
    let transform = calibration.transform.map { fixed(Double($0) / Double(calibration.forecasts), 3) }
    print("\ntransform: \(transform.joined(separator: " "))")
    print(
        "whole counts of 5 and more: \(calibration.large) forecasts, intervals of 50 and 90 % hold "
            + "\(share(calibration.plain50)) and \(share(calibration.plain90)), by the forecast "
            + "\(share(calibration.stated50)) and \(share(calibration.stated90))")
    for (index, bin) in calibration.reliability.enumerated() where bin.forecasts > 0 {
        let count = Double(bin.forecasts)
        print(
            "chance \(Calibration.edges[index]) to \(Calibration.edges[index + 1]): \(bin.forecasts), "
                + "stated \(fixed(bin.stated / count, 4)), happened \(fixed(Double(bin.happened) / count, 4))")
    }
    print("weights \(report.model.weights.map { $0.map { fixed($0, 3) } }), everywhere \(report.model.everywhere)")
    print("noise \(fixed(report.model.noise, 3)), steadiness \(fixed(report.model.steadiness, 1))")
    if let target {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try encoder.encode(report.methods).write(to: target)
    }
}

private func row(_ method: MethodScore) -> String {
    let hits = method.hits
    func joined(_ values: [Double]?, _ digits: Int) -> String {
        (values ?? []).map { fixed($0, digits) }.joined(separator: " / ")
    }
    let scores = [method.logScore, method.poissonLogScore, method.crps, method.poissonCRPS].map { fixed($0, 5) }
    let cover = joined([method.calibration.randomised50, method.calibration.randomised90], 3)
    return "| \(method.name) | \(scores.joined(separator: " | ")) | \(joined(hits?.pai, 2)) | "
        + "\(joined(hits?.pei, 3)) | \(cover) | \(fixed(method.expected / max(1, method.events), 3)) |"
}

private func share(_ value: Double?) -> String { value.map { fixed($0, 3) } ?? "-" }

private func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
