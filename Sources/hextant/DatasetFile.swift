import Foundation
import Risk
import Yams

/// A dataset's description as a YAML file; docs/datasets.md lists its keys.
struct DatasetFile {
    let dataset: Dataset

    init(path: String) throws {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw DatasetFileError("cannot read \(path)")
        }
        do {
            dataset = try YAMLDecoder().decode(Description.self, from: text).dataset()
        } catch let error as DatasetFileError {
            throw DatasetFileError("\(path): \(error)")
        } catch let DecodingError.keyNotFound(key, _) {
            throw DatasetFileError("\(path): \(key.stringValue) is missing")
        } catch let DecodingError.typeMismatch(_, context), let DecodingError.dataCorrupted(context),
            let DecodingError.valueNotFound(_, context)
        {
            let key = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw DatasetFileError("\(path): \(key.isEmpty ? "" : "\(key): ")\(context.debugDescription)")
        }
    }

    private struct Description: Decodable {
        var slug: String
        var title: String
        var licence: String
        var licenceURL: String?
        var attribution: String
        var timeZone: String
        var visibility: String
        var resolutions: [Int]
        var weights: Weights?
        var levels: Levels?
        var flagZ: Double?

        struct Weights: Decodable {
            var count: Double
            var growth: Double
            var average: Double
        }

        /// Scores above which a level begins.
        struct Levels: Decodable {
            var medium: Double
            var high: Double
            var critical: Double
        }

        enum Key: String, CodingKey, CaseIterable {
            case slug
            case title
            case licence
            case licenceURL = "licence_url"
            case attribution
            case timeZone = "time_zone"
            case visibility
            case resolutions
            case weights
            case levels
            case flagZ = "flag_z"
        }

        init(from decoder: any Decoder) throws {
            let known = Set(Key.allCases.map(\.rawValue))
            for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
                throw DatasetFileError(
                    "\(key.stringValue) is no key; there are: \(Key.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            let values = try decoder.container(keyedBy: Key.self)
            slug = try values.decode(String.self, forKey: .slug)
            title = try values.decode(String.self, forKey: .title)
            licence = try values.decode(String.self, forKey: .licence)
            licenceURL = try values.decodeIfPresent(String.self, forKey: .licenceURL)
            attribution = try values.decode(String.self, forKey: .attribution)
            timeZone = try values.decodeIfPresent(String.self, forKey: .timeZone) ?? "UTC"
            // Closed unless it was said to be open.
            visibility = try values.decodeIfPresent(String.self, forKey: .visibility) ?? "private"
            resolutions = try values.decode([Int].self, forKey: .resolutions)
            weights = try values.decodeIfPresent(Weights.self, forKey: .weights)
            levels = try values.decodeIfPresent(Levels.self, forKey: .levels)
            flagZ = try values.decodeIfPresent(Double.self, forKey: .flagZ)
        }

        func dataset() throws -> Dataset {
            guard slug.wholeMatch(of: /[a-z0-9][a-z0-9_-]{0,62}/) != nil else {
                throw DatasetFileError(
                    "slug: \"\(slug)\" must be 1 to 63 of a-z, 0-9, - and _, a letter or digit first")
            }
            guard let visibility = Dataset.Visibility(rawValue: visibility) else {
                throw DatasetFileError("visibility: \"\(visibility)\" must be public or private")
            }
            guard !resolutions.isEmpty, resolutions.allSatisfy((0...15).contains) else {
                throw DatasetFileError("resolutions: at least one is needed, each 0 to 15")
            }
            return Dataset(
                slug: slug, title: title, licence: licence, licenceURL: licenceURL, attribution: attribution,
                timeZone: timeZone, visibility: visibility, resolutions: Set(resolutions).sorted(),
                weights: weights.map { RiskWeights(count: $0.count, growth: $0.growth, average: $0.average) }
                    ?? .standard,
                thresholds: try thresholds())
        }

        private func thresholds() throws -> RiskThresholds {
            let standard = RiskThresholds.standard
            let thresholds = RiskThresholds(
                medium: levels?.medium ?? standard.medium, high: levels?.high ?? standard.high,
                critical: levels?.critical ?? standard.critical, flagZ: flagZ ?? standard.flagZ)
            guard 0 <= thresholds.medium, thresholds.medium <= thresholds.high,
                thresholds.high <= thresholds.critical, thresholds.critical <= 100
            else {
                throw DatasetFileError("levels: medium, high and critical must be 0 to 100 and not descend")
            }
            guard thresholds.flagZ > 0, thresholds.flagZ.isFinite else {
                throw DatasetFileError("flag_z: must be a positive number")
            }
            return thresholds
        }
    }
}

/// A dataset's description that cannot be used.
struct DatasetFileError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}
