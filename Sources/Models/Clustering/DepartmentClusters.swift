import Foundation

/// Departments that spend alike: a trained model, as its file holds it.
package struct DepartmentClusters: Hashable, Sendable, Codable {
    /// A number of clusters that was tried.
    package struct Attempt: Hashable, Sendable, Codable {
        package let clusters: Int
        package let inertia: Double
        package let silhouette: Double
    }

    /// A feature in which a cluster differs from all departments.
    package struct Difference: Hashable, Sendable, Codable {
        package let feature: String
        /// The mean of the cluster, and of all departments.
        package let mean: Double
        package let overall: Double
        /// The difference in standard deviations of the departments.
        package let deviations: Double
        /// The same in words, such as `higher growth`.
        package let words: String
    }

    package struct Cluster: Hashable, Sendable, Codable {
        /// The number, from 1; those of the largest totals first.
        package let number: Int
        package let departments: Int
        /// The centre in standard deviations, in the order of the features.
        package let centre: [Double]
        /// The features that differ most, the first one most.
        package let differences: [Difference]
    }

    package struct Member: Hashable, Sendable, Codable {
        package let department: String
        package let cluster: Int
        /// The features as they were before they were standardised.
        package let features: [Double]
    }

    package static let format = "hextant department clusters 1"
    /// The numbers of clusters that are tried.
    package static let counts = 2...10
    /// The fewest departments that are divided.
    package static let fewest = 4
    /// How many features are told of a cluster.
    private static let told = 3

    package let format: String
    package let seed: UInt64
    package let starts: Int
    package let features: [String]
    package let standardization: Standardization
    package let tried: [Attempt]
    package let clusters: [Cluster]
    package let members: [Member]
    package let inertia: Double
    package let silhouette: Double

    /// Divides departments, with the number of clusters whose mean silhouette is largest.
    /// - Parameter progress: Called with the share that is done; a training that it ends by throwing is cancelled.
    /// - Throws: ``ModelError`` with code `.data` for too few departments, too many, or such that do not differ; what
    ///   `progress` throws.
    package init(
        _ departments: [DepartmentFigures], seed: UInt64, starts: Int = KMeans.usualStarts,
        progress: (Double) throws -> Void = { _ in }
    ) throws {
        guard departments.count >= Self.fewest else {
            throw ModelError(
                .data, "\(departments.count) departments have enough payments; clusters need \(Self.fewest) at least")
        }
        guard departments.count <= Silhouette.mostRows else {
            throw ModelError(
                .data, "\(departments.count) departments are too many; at most \(Silhouette.mostRows) are divided")
        }
        let raw = Points(departments.map(\.features))
        let scale = Standardization(of: raw)
        let points = scale.standardized(raw)
        let most = min(Self.counts.upperBound, KMeans.different(points), departments.count - 1)
        guard most >= Self.counts.lowerBound else {
            throw ModelError(.data, "the departments do not differ, so there are no clusters")
        }
        var tried: [Attempt] = []
        var best: (model: KMeans, silhouette: Double)?
        for count in Self.counts.lowerBound...most {
            try progress(Double(count - Self.counts.lowerBound) / Double(most))
            let model = try KMeans(points, clusters: count, starts: starts, seed: seed)
            let silhouette = Silhouette.mean(points, model.labels)
            tried.append(Attempt(clusters: count, inertia: model.inertia, silhouette: silhouette))
            if best.map({ silhouette > $0.silhouette }) ?? true { best = (model, silhouette) }
        }
        guard let best else { throw ModelError(.data, "there is no number of clusters to try") }
        let (model, silhouette) = best
        format = Self.format
        self.seed = seed
        self.starts = starts
        features = DepartmentFigures.names
        standardization = scale
        self.tried = tried
        inertia = model.inertia
        self.silhouette = silhouette
        clusters = (0..<model.centres.rows).map { cluster in
            let centre = Array(model.centres[cluster])
            return Cluster(
                number: cluster + 1, departments: model.labels.count { $0 == cluster }, centre: centre,
                differences: Self.differences(centre, scale))
        }
        members = zip(departments, model.labels).map { department, label in
            Member(department: department.department, cluster: label + 1, features: department.features)
        }
    }

    private static func differences(_ centre: [Double], _ scale: Standardization) -> [Difference] {
        let ranked = centre.indices.sorted { left, right in
            let (a, b) = (abs(centre[left]), abs(centre[right]))
            return a == b ? left < right : a > b
        }
        return ranked.prefix(told).map { column in
            Difference(
                feature: DepartmentFigures.names[column],
                mean: scale.means[column] + centre[column] * scale.scales[column], overall: scale.means[column],
                deviations: centre[column],
                words: "\(centre[column] < 0 ? "lower" : "higher") \(DepartmentFigures.words[column])")
        }
    }

    /// The number of the cluster whose centre is nearest to the features of a department.
    package func cluster(of features: [Double]) -> Int {
        let point = standardization.standardized(Points(values: features, columns: self.features.count))
        let centres = clusters.flatMap(\.centre)
        let nearest = clusters.indices.min {
            point.squaredDistance(0, to: $0, of: centres) < point.squaredDistance(0, to: $1, of: centres)
        }
        return (nearest ?? 0) + 1
    }

    /// How far the division of departments has moved since the training: the population stability index of the shares
    /// of the clusters; `nil` for fewer departments than a training needs.
    package func drift(of departments: [DepartmentFigures]) -> Double? {
        guard departments.count >= Self.fewest else { return nil }
        var counts = [Int](repeating: 0, count: clusters.count)
        for department in departments { counts[cluster(of: department.features) - 1] += 1 }
        return StabilityIndex.value(reference: clusters.map(\.departments), counts: counts)
    }

    /// The file of the model: JSON with sorted keys, so that the same model is the same bytes.
    package func file() throws -> [UInt8] { try ModelFile.bytes(of: self) }

    /// Reads a file.
    /// - Throws: ``ModelError`` with code `.file` for anything but a file of this version.
    package static func read(_ bytes: [UInt8]) throws(ModelError) -> Self {
        let model = try ModelFile.read(Self.self, of: bytes)
        let columns = DepartmentFigures.names.count
        guard model.format == format, model.features == DepartmentFigures.names, !model.clusters.isEmpty,
            model.standardization.means.count == columns, model.standardization.scales.count == columns,
            model.clusters.allSatisfy({ $0.centre.count == columns })
        else { throw ModelError(.file, "the file is not of department clusters of this version") }
        return model
    }
}
