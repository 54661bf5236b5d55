import CXGBoost
import Digest

/// A forest in the memory of XGBoost. It belongs to the thread that made it.
///
/// XGBoost says that only predictions may come from several threads at once, and only after the first; here every
/// handle stays with one thread, and one thread is all that XGBoost uses (`nthread`), so the same data give the same
/// sums.
final class Forest {
    private let booster: BoosterHandle
    private let columns: Int

    /// The answer of the forest about some payments.
    struct Answer: Sendable {
        let probabilities: [Float]
        /// The part of each feature in the difference from the share of all, row by row, with that share at the end of
        /// each row.
        let contributions: [Float]
    }

    /// - Parameter file: What ``train(_:columns:labels:settings:progress:)`` returned. XGBoost trusts the lengths in
    ///   its files and reads beyond their end, so it gets only bytes that their SHA-256 belongs to.
    /// - Throws: ``ModelError`` with code `.file` for anything but a forest of so many columns.
    init(_ file: [UInt8], columns: Int) throws(ModelError) {
        let bytes = file.dropFirst(SHA256.length)
        guard !bytes.isEmpty, file.starts(with: SHA256.hash(bytes)) else {
            throw ModelError(.file, "the forest is damaged: its SHA-256 is another")
        }
        var made: BoosterHandle?
        try Self.check(XGBoosterCreate(nil, 0, &made))
        guard let made else { throw ModelError(.library, "XGBoost made no booster") }
        booster = made
        self.columns = columns
        let status = bytes.withUnsafeBytes { XGBoosterLoadModelFromBuffer(made, $0.baseAddress, UInt64($0.count)) }
        guard status == 0 else {
            throw ModelError(.file, "XGBoost cannot read the forest: \(Self.fault)")
        }
        var known: UInt64 = 0
        try Self.check(XGBoosterGetNumFeature(made, &known))
        guard Int(known) == columns else {
            throw ModelError(.file, "the forest is of \(known) features and not of \(columns)")
        }
        try Self.set(made, [("nthread", "1"), ("verbosity", "0")])
    }

    deinit { XGBoosterFree(booster) }

    /// The version of XGBoost, such as `1.7.4`.
    static var version: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        XGBoostVersion(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// Grows a forest.
    ///
    /// Each tree divides the payments so that the squared error of the share of high-value ones becomes least, which is
    /// Gini's criterion for two classes; a leaf is the share of its payments, and the forest is the mean of its trees
    /// (Breiman, 2001). Every round has the same gradients, those of the share of all, so that trees do not build on
    /// each other, and a learning rate of one over the rounds: together they are one round of all trees with a learning
    /// rate of 1.
    /// - Parameters:
    ///   - matrix: Features, row by row; NaN is missing.
    ///   - progress: Called with the share that is done after each round. What it throws ends the training.
    /// - Returns: The forest in XGBoost's universal binary JSON, after its SHA-256.
    /// - Throws: ``ModelError`` with code `.library`; what `progress` throws.
    static func train(
        _ matrix: [Float], columns: Int, labels: [Bool], settings: ForestSettings,
        progress: (Double) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        let share = Double(labels.count { $0 }) / Double(max(1, labels.count))
        let rows = try Rows(matrix, columns: columns)
        var made: BoosterHandle?
        try check(XGBoosterCreate([rows.handle], 1, &made))
        guard let made else { throw ModelError(.library, "XGBoost made no booster") }
        defer { XGBoosterFree(made) }
        let perRound = max(1, settings.trees / settings.rounds)
        try set(
            made,
            [
                ("booster", "gbtree"), ("tree_method", "hist"), ("objective", "reg:squarederror"),
                ("base_score", "\(share)"), ("num_parallel_tree", "\(perRound)"),
                ("learning_rate", "\(1 / Double(settings.rounds))"), ("max_depth", "\(settings.depth)"),
                ("min_child_weight", "\(settings.leastRows)"), ("reg_lambda", "0"),
                ("subsample", "\(settings.rowShare)"), ("colsample_bynode", "\(settings.columnShare)"),
                ("max_bin", "\(settings.bins)"), ("seed", "\(settings.seed)"), ("nthread", "1"), ("verbosity", "0"),
            ])
        var gradients = labels.map { Float(share) - ($0 ? 1 : 0) }
        var weights = [Float](repeating: 1, count: labels.count)
        for round in 0..<settings.rounds {
            try check(XGBoosterBoostOneIter(made, rows.handle, &gradients, &weights, UInt64(labels.count)))
            try progress(Double(round + 1) / Double(settings.rounds))
        }
        var length: UInt64 = 0
        var bytes: UnsafePointer<CChar>?
        try check(XGBoosterSaveModelToBuffer(made, "{\"format\": \"ubj\"}", &length, &bytes))
        guard let bytes else { throw ModelError(.library, "XGBoost wrote no forest") }
        // The bytes belong to the booster, which is freed.
        let forest = [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(length)))
        return SHA256.hash(forest[...]) + forest
    }

    /// How likely each row is of the class, from 0 to 1.
    func probabilities(_ matrix: [Float]) throws(ModelError) -> [Float] {
        try predict(try Rows(matrix, columns: columns), type: 0).map { min(1, max(0, $0)) }
    }

    /// How likely each row is of the class, and what each feature adds.
    ///
    /// A contribution is what the questions about a feature change on the way to the leaf, on average over the trees
    /// (Saabas, 2014). Contributions and the share of all add up to the probability. Shapley values do so, too, but
    /// take fifteen times as long, which is too long for an answer to each request.
    func answer(_ matrix: [Float]) throws(ModelError) -> Answer {
        let rows = try Rows(matrix, columns: columns)
        let probabilities = try predict(rows, type: 0).map { min(1, max(0, $0)) }
        return Answer(probabilities: probabilities, contributions: try predict(rows, type: 3))
    }

    /// - Parameter type: 0 for values, 3 for approximate contributions.
    private func predict(_ rows: borrowing Rows, type: Int) throws(ModelError) -> [Float] {
        let order = """
            {"type": \(type), "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true}
            """
        var shape: UnsafePointer<UInt64>?
        var dimensions: UInt64 = 0
        var numbers: UnsafePointer<Float>?
        try Self.check(
            XGBoosterPredictFromDMatrix(booster, rows.handle, order, &shape, &dimensions, &numbers))
        guard let shape, let numbers else { throw ModelError(.library, "XGBoost gave no answer") }
        let count = (0..<Int(dimensions)).reduce(1) { $0 * Int(shape[$1]) }
        // The numbers belong to the booster until its next call.
        return [Float](UnsafeBufferPointer(start: numbers, count: count))
    }

    private static func set(_ booster: BoosterHandle, _ parameters: [(String, String)]) throws(ModelError) {
        for (name, value) in parameters { try check(XGBoosterSetParam(booster, name, value)) }
    }

    fileprivate static func check(_ status: Int32) throws(ModelError) {
        guard status == 0 else { throw ModelError(.library, "XGBoost: \(fault)") }
    }

    /// The reason why the last call of this thread failed: the first line, without where it happened.
    private static var fault: String {
        let text = XGBGetLastError().map { String(cString: $0) } ?? "unknown"
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "unknown"
        return String((line.split(separator: "] ").last ?? "unknown").prefix(200))
    }
}

/// Rows in the memory of XGBoost.
private struct Rows: ~Copyable {
    let handle: DMatrixHandle

    init(_ matrix: [Float], columns: Int) throws(ModelError) {
        var made: DMatrixHandle?
        try Forest.check(
            XGDMatrixCreateFromMat_omp(matrix, UInt64(matrix.count / columns), UInt64(columns), .nan, &made, 1))
        guard let made else { throw ModelError(.library, "XGBoost made no matrix") }
        handle = made
    }

    deinit { XGDMatrixFree(handle) }
}
