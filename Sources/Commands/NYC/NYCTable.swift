import NYCOpenData

/// The outcomes of `hextant nyc` as tables.
enum NYCTable {
    /// The figures of the rows of a dataset.
    struct Figures {
        /// How many are open; `nil` for rows that are neither open nor closed.
        var open: Int?
        /// The newest day.
        var newest: CityDay?
    }

    static func figures(_ record: PropertyRecords) -> [NYCSource: Figures] {
        var figures: [NYCSource: Figures] = [:]
        if let rows = try? record.dobViolations?.get().rows {
            figures[.dobViolations] = Figures(
                open: rows.count(where: \.isOpen), newest: rows.compactMap(\.issued).max())
        }
        if let rows = try? record.hpdViolations?.get().rows {
            figures[.hpdViolations] = Figures(
                open: rows.count(where: \.isOpen), newest: rows.compactMap(\.inspected).max())
        }
        if let rows = try? record.complaints311?.get().rows {
            figures[.complaints311] = Figures(
                open: rows.count(where: \.isOpen), newest: rows.compactMap(\.created).max())
        }
        if let rows = try? record.permits?.get().rows {
            figures[.permits] = Figures(newest: rows.compactMap(\.issued).max())
        }
        if let rows = try? record.olderPermits?.get().rows {
            figures[.olderPermits] = Figures(newest: rows.compactMap(\.issued).max())
        }
        return figures
    }

    /// A line for each property and dataset: rows, open ones, the newest day, and what is to be said of it.
    static func text(_ records: [PropertyRecords]) -> String {
        var lines = [["BBL", "DATASET", "ROWS", "OPEN", "NEWEST", "NOTE"]]
        for record in records {
            let figures = figures(record)
            func add<Row>(_ source: NYCSource, _ result: Result<NYCAnswer<Row>, NYCDataError>?) {
                switch result {
                case nil: break
                case .success(let answer)?:
                    let note =
                        answer.isStale ? "stale: the site is down" : answer.origin == .shared ? "from the cache" : ""
                    lines.append([
                        record.bbl.description, source.rawValue, "\(answer.rows.count)",
                        figures[source]?.open.map(String.init) ?? "-", figures[source]?.newest?.description ?? "-",
                        note,
                    ])
                case .failure?: lines.append([record.bbl.description, source.rawValue, "-", "-", "-", "failed"])
                }
            }
            add(.dobViolations, record.dobViolations)
            add(.hpdViolations, record.hpdViolations)
            add(.complaints311, record.complaints311)
            add(.permits, record.permits)
            add(.olderPermits, record.olderPermits)
        }
        return aligned(lines, numbers: [2, 3])
    }

    static func text(_ health: NYCHealth) -> String {
        var lines = [["PART", "STATE", "MS", "DETAIL"]]
        for part in health.parts {
            lines.append([
                part.name, part.state.rawValue, part.milliseconds.map { "\($0)" } ?? "-", part.detail,
            ])
        }
        let figures =
            "\(health.requests.tries) requests, \(health.requests.failures) of them failed; "
            + "\(health.cache.hits) answers from the cache, \(health.cache.misses) from the site"
        return "\(aligned(lines, numbers: [2]))\n\(health.state.rawValue): \(figures)"
    }

    /// Columns as wide as their widest text, two blanks apart; numbers are right-aligned.
    private static func aligned(_ lines: [[String]], numbers: Set<Int>) -> String {
        let widths = (lines.first ?? []).indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = line.enumerated().map { column, text in
                let space = String(repeating: " ", count: widths[column] - text.count)
                return numbers.contains(column) ? space + text : text + space
            }
            return cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed().map(String.init).joined()
        }.joined(separator: "\n")
    }
}
