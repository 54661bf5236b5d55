import Domain

/// Bars of events by week or month, with the expected number of the next week where it is known.
struct HistoryChart {
    private static let axisHeight = 11.0
    private static let axisWidth = 30.0

    let page: ReportPage
    let frame: Canvas.Rectangle
    let canvas: Canvas

    init(_ page: ReportPage, in frame: Canvas.Rectangle, on canvas: Canvas) {
        self.page = page
        self.frame = frame
        self.canvas = canvas
    }

    /// The forecast, where it is of one step of the chart.
    private var forecast: ReportForecast? {
        guard page.history.step == .week, let forecast = page.forecast, forecast.horizon == 7,
            forecast.expected.isFinite
        else { return nil }
        return forecast
    }

    func draw() {
        let bars = page.history.bars
        let plot = Canvas.Rectangle(
            x: frame.x + Self.axisWidth, y: frame.y + 4, width: frame.width - Self.axisWidth,
            height: frame.height - Self.axisHeight - 4)
        let highest = max(
            Double(bars.map(\.events).max() ?? 0), forecast?.expected ?? 0, Double(forecast?.most?.upperBound ?? 0))
        let step = Self.niceStep(highest)
        let top = max(step, (highest / step).rounded(.up) * step)
        func height(_ value: Double) -> Double { plot.bottom - plot.height * value / top }

        for tick in 0...Int((top / step).rounded()) {
            let value = Double(tick) * step
            let y = height(value)
            canvas.line(from: .init(x: plot.x, y: y), to: .init(x: plot.right, y: y), .rule, width: 0.4)
            canvas.text(
                page.words.decimal(value, digits: 0), x: frame.x, y: y - 4.5, width: Self.axisWidth - 4,
                .init(size: 6.5, colour: .soft, alignment: .right))
        }
        let slots = bars.count + (forecast == nil ? 0 : 1)
        let slot = plot.width / Double(max(slots, 1))
        var labelled = -Double.infinity
        var lastMonth = ""
        for (index, bar) in bars.enumerated() {
            let x = plot.x + slot * Double(index)
            let y = height(Double(bar.events))
            canvas.fill(
                .init(x: x + slot * 0.1, y: y, width: slot * 0.8, height: plot.bottom - y),
                isOfPeriod(bar) ? .strong : .bar)
            let month = page.words.short(bar.first)
            if month != lastMonth, index == 0 || x - labelled > 52, plot.right - x > 40 {
                canvas.text(month, x: x, y: plot.bottom + 2, width: 60, .init(size: 6.5, colour: .soft))
                labelled = x
            }
            lastMonth = month
        }
        if let forecast { draw(forecast, x: plot.right - slot, width: slot, height) }
    }

    /// Draws the expected number as an empty bar, and the interval of 90 % as a line through its end.
    private func draw(_ forecast: ReportForecast, x: Double, width: Double, _ height: (Double) -> Double) {
        let y = height(forecast.expected)
        let colour = Colour(CellLook.growing)
        canvas.stroke(
            .init(x: x + width * 0.1, y: y, width: width * 0.8, height: height(0) - y), colour, width: 0.8)
        guard let most = forecast.most else { return }
        let middle = x + width / 2
        canvas.line(
            from: .init(x: middle, y: height(Double(most.lowerBound))),
            to: .init(x: middle, y: height(Double(most.upperBound))), colour, width: 0.8)
    }

    /// Whether most of a step is in the period.
    private func isOfPeriod(_ bar: ReportHistory.Bar) -> Bool {
        let middle = bar.first.advanced(by: page.history.step == .week ? 3 : 15)
        return page.period.contains(middle)
    }

    /// The distance of the lines: 1, 2 or 5 with zeros, so that there are two to five.
    static func niceStep(_ highest: Double) -> Double {
        var power = 1.0
        while power * 10 <= highest / 2 { power *= 10 }
        return [1, 2, 5, 10].map { $0 * power }.first { highest / $0 <= 4 } ?? 10 * power
    }
}
