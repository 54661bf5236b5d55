package import Domain
package import Foundation

/// A random forest that says how likely a payment is of high value: a trained model, as its file holds it.
package struct PaymentClassifier: Hashable, Sendable, Codable {
    /// A period that a model knows.
    package struct Window: Hashable, Sendable {
        package let days: ClosedRange<LocalDay>
        package let payments: Int
    }

    package static let format = "hextant payment classifier 2"
    /// The share of the training window's payments that are below the threshold.
    package static let quantile = 0.75

    package let format: String
    package let features: [String]
    package let settings: ForestSettings
    /// The least amount of a high-value payment, in hundredths of the currency.
    package let threshold: Int64
    /// The share of high-value payments in the training window.
    package let share: Double
    package let rates: PaymentRates
    package let rule: HoldOut.Rule
    package let measures: ClassifierMeasures
    /// The distributions of the features and of the probabilities on the payments that were held out.
    package let references: [ReferenceBins]
    /// The forest in XGBoost's universal binary JSON, after its SHA-256.
    package let forest: Data

    /// The name of the distribution of probabilities.
    package static let probability = "probability"

    /// The outcome of a training: the model, and the payments that it is of.
    package struct Trained: Sendable {
        package let model: PaymentClassifier
        package let training: Window
        package let test: Window
        /// Payments that are neither learnt from nor measured on, because they would let the model see the future.
        package let leftOut: Int
    }

    /// Learns from payments, in the order of the table: the same table, seed and library give the same model.
    ///
    /// To be called on a thread of its own that ends afterwards: XGBoost keeps its random numbers by thread.
    /// - Parameter progress: Called with the share that is done; a training that it ends by throwing is cancelled.
    /// - Throws: ``ModelError`` with code `.data` for payments from which nothing can be learnt, `.library` when
    ///   XGBoost refuses; what `progress` throws.
    package static func train(
        _ table: PaymentTable, settings: ForestSettings, progress: (Double) throws -> Void = { _ in }
    ) throws -> Trained {
        try progress(0)
        let split = try HoldOut(table)
        let threshold = threshold(split.training.map { table.amounts[$0] })
        let labels = split.training.map { table.amounts[$0] >= threshold }
        let outcomes = split.test.map { table.amounts[$0] >= threshold }
        guard labels.contains(true), labels.contains(false), outcomes.contains(true), outcomes.contains(false) else {
            throw ModelError(
                .data,
                "the amounts do not divide: \(decimal(threshold)) or more is paid always or never, in the training "
                    + "window or afterwards")
        }
        let rates = PaymentRates(table, rows: split.training, labels: labels)
        let matrix = PaymentFeatures.training(table, rows: split.training, labels: labels, seed: settings.seed)
        try progress(0.05)
        let bytes = try Forest.train(
            matrix, columns: PaymentFeatures.count, labels: labels, settings: settings
        ) { try progress(0.05 + 0.9 * $0) }
        let test = rates.matrix(table, rows: split.test)
        let probabilities = try Forest(bytes, columns: PaymentFeatures.count).probabilities(test)
        let share = Double(labels.count { $0 }) / Double(labels.count)
        var references = PaymentFeatures.names.enumerated().map { column, name in
            ReferenceBins(
                name: name, of: stride(from: column, to: test.count, by: PaymentFeatures.count).map { test[$0] })
        }
        references.append(ReferenceBins(name: probability, of: probabilities))
        let model = PaymentClassifier(
            format: format, features: PaymentFeatures.names, settings: settings, threshold: threshold, share: share,
            rates: rates, rule: split.rule,
            measures: ClassifierMeasures(
                probabilities: probabilities, outcomes: outcomes, trainingShare: share),
            references: references, forest: Data(bytes))
        try progress(1)
        return Trained(
            model: model, training: window(table, split.training), test: window(table, split.test),
            leftOut: table.rows - split.training.count - split.test.count)
    }

    /// The least amount that three quarters of the amounts do not exceed: an amount that was really paid
    /// (percentile_disc of PostgreSQL).
    static func threshold(_ amounts: [Int64]) -> Int64 {
        let place = Int((quantile * Double(amounts.count)).rounded(.up)) - 1
        return amounts.sorted()[max(0, place)]
    }

    /// An amount in hundredths as a decimal number.
    package static func decimal(_ hundredths: Int64) -> String {
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(hundredths < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func window(_ table: PaymentTable, _ rows: [Int]) -> Window {
        let days = rows.map { table.days[$0] }
        // A division has rows on both sides.
        let first = days.min() ?? .earliest
        return Window(days: first...(days.max() ?? first), payments: rows.count)
    }

    /// The file of the model: JSON with sorted keys, so that the same model is the same bytes.
    package func file() throws -> [UInt8] { try ModelFile.bytes(of: self) }

    /// Reads a file.
    /// - Throws: ``ModelError`` with code `.file` for anything but a file of this version.
    package static func read(_ bytes: [UInt8]) throws(ModelError) -> Self {
        let model = try ModelFile.read(Self.self, of: bytes)
        guard model.format == format, model.features == PaymentFeatures.names,
            model.references.count == PaymentFeatures.count + 1
        else { throw ModelError(.file, "the file is not of a payment classifier of this version") }
        return model
    }

    /// The features of payments that clients ask about, row by row.
    package func matrix(_ payments: some Sequence<Payment>) -> [Float] {
        var matrix: [Float] = []
        for payment in payments {
            rates.append(
                vendor: payment.vendor.flatMap(CategoryKey.ofVendor),
                department: payment.department.flatMap(CategoryKey.of),
                account: payment.accountDescription.flatMap(CategoryKey.of), month: payment.month, to: &matrix)
        }
        return matrix
    }

    /// How far payments have moved from those that the model was measured on: the population stability index of each
    /// feature and of the probabilities.
    ///
    /// To be called on a thread of its own.
    /// - Throws: ``ModelError`` with code `.library`.
    package func drift(of table: PaymentTable) throws(ModelError) -> [(name: String, index: Double)] {
        let matrix = rates.matrix(table, rows: 0..<table.rows)
        let probabilities = try Forest([UInt8](forest), columns: PaymentFeatures.count).probabilities(matrix)
        return references.enumerated().map { column, reference in
            let numbers =
                column == PaymentFeatures.count
                ? probabilities
                : stride(from: column, to: matrix.count, by: PaymentFeatures.count).map { matrix[$0] }
            return (reference.name, reference.stabilityIndex(of: numbers))
        }
    }
}
