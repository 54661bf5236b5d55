/// Rows of numbers with the same columns, one row after the other.
package struct Points: Hashable, Sendable {
    package let columns: Int
    package private(set) var values: [Double]

    /// - Parameters:
    ///   - values: `rows` x `columns` finite numbers, row by row.
    ///   - columns: At least 1.
    package init(values: [Double], columns: Int) {
        precondition(columns > 0 && values.count % columns == 0)
        self.values = values
        self.columns = columns
    }

    package init(_ rows: [[Double]]) {
        self.init(values: rows.flatMap { $0 }, columns: max(1, rows.first?.count ?? 1))
    }

    package var rows: Int { values.count / columns }

    package subscript(row: Int) -> ArraySlice<Double> { values[row * columns..<(row + 1) * columns] }

    /// The squared Euclidean distance between two rows.
    func squaredDistance(_ left: Int, _ right: Int) -> Double {
        var sum = 0.0
        for column in 0..<columns {
            let difference = values[left * columns + column] - values[right * columns + column]
            sum += difference * difference
        }
        return sum
    }

    /// The squared Euclidean distance between a row and row `other` of `centres`.
    func squaredDistance(_ row: Int, to other: Int, of centres: [Double]) -> Double {
        var sum = 0.0
        for column in 0..<columns {
            let difference = values[row * columns + column] - centres[other * columns + column]
            sum += difference * difference
        }
        return sum
    }
}

/// The mean and spread of each column, by which columns of different units are made comparable.
package struct Standardization: Hashable, Sendable, Codable {
    package let means: [Double]
    /// The standard deviations of the population (divided by n); 1 for a column without any spread.
    package let scales: [Double]

    package init(of points: Points) {
        let rows = Double(max(1, points.rows))
        var means = [Double](repeating: 0, count: points.columns)
        for row in 0..<points.rows {
            for (column, value) in points[row].enumerated() { means[column] += value / rows }
        }
        var squares = [Double](repeating: 0, count: points.columns)
        for row in 0..<points.rows {
            for (column, value) in points[row].enumerated() {
                let difference = value - means[column]
                squares[column] += difference * difference / rows
            }
        }
        self.means = means
        // What rounding leaves of a constant column is no spread.
        scales = zip(squares, means).map { square, mean in
            square.squareRoot() > 1e-12 * max(1, abs(mean)) ? square.squareRoot() : 1
        }
    }

    /// The rows as numbers of standard deviations from the means.
    package func standardized(_ points: Points) -> Points {
        var values = points.values
        for index in values.indices {
            let column = index % points.columns
            values[index] = (values[index] - means[column]) / scales[column]
        }
        return Points(values: values, columns: points.columns)
    }
}
