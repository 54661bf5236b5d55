package import H3

/// The finding of a rule: one alert, however many cells it is about.
package struct AlertFinding: Hashable, Sendable {
    /// The key; a finding with the key of an earlier one is the same.
    package var key: String
    package var asOf: LocalDay?
    /// One sentence.
    package var message: String
    /// The cells that meet the condition and did not before; those to be looked at first come first.
    package var cells: [AlertSnapshot.Cell]
}

/// The look of a rule at a dataset: what it found, and the cells that meet its condition now.
package struct AlertLook: Hashable, Sendable {
    package var finding: AlertFinding?
    /// The cells in ascending order, by which the next look knows which are new.
    package var matching: [H3Cell]
}

extension AlertRule {
    /// Looks at a dataset.
    ///
    /// A rule about cells tells of those that meet its condition and did not at the look before. The first look of a
    /// rule about classes finds none new, because it cannot know what they were before.
    /// - Parameter before: The cells that met the condition at the last look; `nil` for the first look.
    package func look(at snapshot: AlertSnapshot, before: Set<H3Cell>?) -> AlertLook {
        switch condition {
        case .classes(let classes):
            let found = snapshot.cells.filter { $0.className.map(classes.contains) ?? false }
            return look(found, before ?? Set(found.map(\.cell)), snapshot.classDay, snapshot) { cells in
                let names = Set(cells.compactMap(\.className)).sorted().joined(separator: ", ")
                return "\(Self.cells(cells.count)) of \(dataset) became \(names)"
            }
        case .forecast(let least):
            let found = snapshot.cells.filter { ($0.exceeded?.events ?? 0) >= max(1, least) }
                .sorted { ($0.exceeded?.events ?? 0) > ($1.exceeded?.events ?? 0) }
            return look(found, before ?? [], snapshot.forecastDay, snapshot) { cells in
                "\(Self.cells(cells.count)) of \(dataset) had more events than the 90 % interval of the forecast"
            }
        case .unusual(let least):
            let found = snapshot.cells.filter { $0.unusual != nil }
            guard found.count >= least, let day = snapshot.lastDay else { return AlertLook(matching: []) }
            return once(day, found, "\(Self.cells(found.count)) of \(dataset) had unusually many events on \(day)")
        case .rows(let below):
            guard snapshot.cellsWithEvents < below, let day = snapshot.lastDay else { return AlertLook(matching: []) }
            return once(
                day, [],
                "only \(Self.cells(snapshot.cellsWithEvents)) of \(dataset) had events on \(day), fewer than \(below)")
        case .stale(let days):
            guard let day = snapshot.lastDay else {
                return AlertLook(
                    finding: AlertFinding(key: "none", message: "nothing of \(dataset) is served", cells: []),
                    matching: [])
            }
            let age = day.distance(to: snapshot.today)
            guard age > days else { return AlertLook(matching: []) }
            return once(day, [], "the last day of \(dataset), \(day), is \(age) days ago")
        }
    }

    private func look(
        _ found: [AlertSnapshot.Cell], _ before: Set<H3Cell>, _ day: LocalDay?, _ snapshot: AlertSnapshot,
        _ message: ([AlertSnapshot.Cell]) -> String
    ) -> AlertLook {
        let new = found.filter { !before.contains($0.cell) }
        let finding =
            new.isEmpty
            ? nil
            : AlertFinding(
                key: "\(day?.description ?? "none") \(snapshot.generation)", asOf: day, message: message(new),
                cells: new)
        return AlertLook(finding: finding, matching: found.map(\.cell).sorted { $0.bitPattern < $1.bitPattern })
    }

    /// A finding that is told once for a day.
    private func once(_ day: LocalDay, _ cells: [AlertSnapshot.Cell], _ message: String) -> AlertLook {
        AlertLook(
            finding: AlertFinding(key: day.description, asOf: day, message: message, cells: cells), matching: [])
    }

    private static func cells(_ count: Int) -> String { count == 1 ? "1 cell" : "\(count) cells" }
}
