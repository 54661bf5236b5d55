import Domain

/// Places the parts of a page: what is told first stands at the top, and the map takes the room that the rest leaves.
struct PageLayout {
    private static let margin = 36.0
    private static let gap = 12.0
    private static let leastMap = 150.0
    private static let chartHeight = 112.0
    private static let rowHeight = 12.5

    let page: ReportPage
    let map: ReportMap
    let canvas: Canvas
    let paper: ReportPaper

    init(_ page: ReportPage, _ map: ReportMap, on canvas: Canvas, _ paper: ReportPaper) {
        self.page = page
        self.map = map
        self.canvas = canvas
        self.paper = paper
    }

    private var left: Double { Self.margin }
    private var width: Double { paper.width - 2 * Self.margin }
    /// The widths of the two columns.
    private var columns: (left: Double, right: Double) {
        let right = (width - Self.gap) * 0.37
        return (width - Self.gap - right, right)
    }

    func draw() {
        canvas.fill(.init(x: 0, y: 0, width: paper.width, height: paper.height), .paper)
        let top = drawHead()
        let bottom = drawNotes()
        var middle = bottom - Self.gap
        let placesHeight = page.places.isEmpty ? 0 : 26 + Self.rowHeight * Double(page.places.count)
        let room = middle - top - Self.chartHeight - 2 * Self.gap
        if placesHeight > 0, room - placesHeight - Self.gap >= Self.leastMap {
            middle -= placesHeight
            drawPlaces(y: middle)
            middle -= Self.gap
        }
        middle -= Self.chartHeight
        let charts = middle
        let right = left + columns.left + Self.gap
        drawHistory(.init(x: left, y: charts, width: columns.left, height: Self.chartHeight))
        drawKinds(.init(x: right, y: charts, width: columns.right, height: Self.chartHeight))
        let height = max(60, charts - Self.gap - top)
        drawMap(.init(x: left, y: top, width: columns.left, height: height))
        drawFigures(.init(x: right, y: top, width: columns.right, height: height))
    }

    /// - Returns: The edge below.
    private func drawHead() -> Double {
        var y = Self.margin - 6
        let kicker = Canvas.TextStyle(size: 8, colour: .soft)
        y += canvas.text(page.kicker, x: left, y: y, width: width, kicker).height + 2
        let title = Canvas.TextStyle(size: 19, isBold: true, lines: 2, isData: true)
        y += canvas.text(page.title, x: left, y: y, width: width, title).height + 2
        y += canvas.text(page.subtitle, x: left, y: y, width: width, .init(size: 8.5, colour: .soft, lines: 2)).height
        y += 6
        canvas.line(from: .init(x: left, y: y), to: .init(x: left + width, y: y), .rule, width: 0.75)
        y += 6
        for (index, sentence) in page.sentences.enumerated() {
            let style = Canvas.TextStyle(size: index == 0 ? 10 : 9, isBold: index == 0, lines: 2)
            y += canvas.text(sentence, x: left, y: y, width: width, style).height + 2.5
        }
        return y + 6
    }

    /// Draws the notes above the lower edge.
    /// - Returns: The edge above.
    private func drawNotes() -> Double {
        let style = Canvas.TextStyle(size: 7, colour: .soft, lines: 6)
        let footer = paper.height - Self.margin + 8
        canvas.text(page.footer, x: left, y: footer - 9, width: width, .init(size: 6.5, colour: .soft))
        var y = footer - 13
        let indent = 66.0
        for note in page.notes.reversed() {
            y -= max(
                canvas.measure(note.text, width: width - indent, style).height,
                canvas.measure(note.title, width: indent - 8, style).height)
            canvas.text(
                note.title, x: left, y: y, width: indent - 8, .init(size: 7, isBold: true, colour: .soft, lines: 3))
            canvas.text(note.text, x: left + indent, y: y, width: width - indent, style)
            y -= 4
        }
        canvas.line(from: .init(x: left, y: y), to: .init(x: left + width, y: y), .rule, width: 0.75)
        return y
    }

    /// Draws the title of a part.
    /// - Returns: The height that it takes.
    private func drawTitle(_ title: String, x: Double, y: Double, width: Double) -> Double {
        canvas.text(title, x: x, y: y, width: width, .init(size: 8.5, isBold: true)).height + 3
    }

    private func drawMap(_ box: Canvas.Rectangle) {
        let head = drawTitle(page.mapTitle, x: box.x, y: box.y, width: box.width)
        let legend = drawLegend(x: box.x, bottom: box.bottom, width: box.width)
        let frame = Canvas.Rectangle(
            x: box.x, y: box.y + head, width: box.width, height: max(20, box.height - head - legend))
        MapDrawing(map, in: frame, on: canvas, page.words).draw()
    }

    /// - Returns: The height that it takes.
    private func drawLegend(x: Double, bottom: Double, width: Double) -> Double {
        let style = Canvas.TextStyle(size: 7, colour: .soft)
        var rows: [[(look: CellLook, name: String, x: Double)]] = [[]]
        var offset = 0.0
        for entry in page.legend {
            let wide = canvas.measure(entry.name, width: width, style).width + 22
            if offset > 0, offset + wide > width {
                rows.append([])
                offset = 0
            }
            rows[rows.count - 1].append((entry.look, entry.name, offset))
            offset += wide
        }
        let line = 11.0
        let height = page.legend.isEmpty ? 0 : line * Double(rows.count) + 3
        for (number, row) in rows.enumerated() {
            let y = bottom - height + 3 + line * Double(number)
            for entry in row {
                let swatch = Canvas.Rectangle(x: x + entry.x, y: y + 1.5, width: 8, height: 6.5)
                canvas.fill(swatch, Colour(entry.look))
                canvas.text(entry.name, x: x + entry.x + 11, y: y, width: width, style)
            }
        }
        return height
    }

    private func drawFigures(_ box: Canvas.Rectangle) {
        var y = box.y + drawTitle(page.words[.figuresTitle], x: box.x, y: box.y, width: box.width)
        for figure in page.figures {
            guard y + Self.rowHeight + 2 <= box.bottom else { break }
            canvas.line(from: .init(x: box.x, y: y), to: .init(x: box.right, y: y), .rule)
            let value = canvas.text(
                figure.value, x: box.x, y: y + 2, width: box.width,
                .init(size: 8, isBold: true, alignment: .right, isData: figure.isData))
            canvas.text(
                figure.name, x: box.x, y: y + 2, width: max(20, box.width - value.width - 6),
                .init(size: 8, colour: .soft))
            y += Self.rowHeight + 2
        }
        canvas.line(from: .init(x: box.x, y: y), to: .init(x: box.right, y: y), .rule)
    }

    private func drawHistory(_ box: Canvas.Rectangle) {
        let head = drawTitle(page.historyTitle, x: box.x, y: box.y, width: box.width)
        let frame = Canvas.Rectangle(x: box.x, y: box.y + head, width: box.width, height: box.height - head)
        guard page.history.bars.contains(where: { $0.events > 0 }) else {
            canvas.text(page.words[.noHistory], x: frame.x, y: frame.y, width: frame.width, .init(size: 8, lines: 3))
            return
        }
        HistoryChart(page, in: frame, on: canvas).draw()
    }

    private func drawKinds(_ box: Canvas.Rectangle) {
        var y = box.y + drawTitle(page.words[.kindsTitle], x: box.x, y: box.y, width: box.width)
        guard let most = page.kinds.map(\.events).max(), most > 0 else {
            canvas.text(page.withoutKinds, x: box.x, y: y, width: box.width, .init(size: 8, lines: 5))
            return
        }
        let names = box.width * 0.44
        for kind in page.kinds {
            guard y + 11 <= box.bottom + 1 else { break }
            canvas.text(kind.name, x: box.x, y: y, width: names - 5, .init(size: 7.5, isData: true))
            let number = canvas.text(
                page.words.whole(kind.events), x: box.x, y: y, width: box.width,
                .init(size: 7.5, colour: .soft, alignment: .right))
            let longest = box.width - names - number.width - 5
            let length = max(0.75, longest * Double(kind.events) / Double(most))
            canvas.fill(.init(x: box.x + names, y: y + 1.5, width: length, height: 6.5), .bar)
            y += 11.8
        }
    }

    private func drawPlaces(y start: Double) {
        let words = page.words
        var y = start + drawTitle(words[.placesTitle], x: left, y: start, width: width)
        let hasExpected = page.places.contains { !$0.expected.isEmpty }
        let ends = (class: left + width * 0.48, events: left + width * 0.86, expected: left + width)
        let soft = Canvas.TextStyle(size: 7, colour: .soft)
        canvas.text(words[.columnPlace], x: left, y: y, width: width * 0.46, soft)
        canvas.text(words[.columnClass], x: ends.class, y: y, width: width * 0.25, soft)
        var right = soft
        right.alignment = .right
        canvas.text(words[.columnEvents], x: left, y: y, width: ends.events - left, right)
        if hasExpected { canvas.text(words[.columnExpected], x: left, y: y, width: width, right) }
        y += 10
        for place in page.places {
            canvas.line(from: .init(x: left, y: y), to: .init(x: left + width, y: y), .rule)
            let row = y + 1.5
            canvas.text(place.name, x: left, y: row, width: width * 0.46, .init(size: 8, isData: true))
            canvas.fill(.init(x: ends.class, y: row + 2, width: 8, height: 6.5), Colour(place.look))
            canvas.text(
                words[ReportText(place.look)], x: ends.class + 11, y: row, width: width * 0.29, .init(size: 8))
            canvas.text(
                place.events, x: left, y: row, width: ends.events - left, .init(size: 8, alignment: .right))
            canvas.text(place.expected, x: left, y: row, width: width, .init(size: 8, alignment: .right))
            y += Self.rowHeight
        }
    }
}
