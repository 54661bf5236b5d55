import Formats
import Foundation
import NIOCore

/// Converts a layer of a file of areas to a format for the web, in WGS 84.
///
/// One record is in memory at a time, but for simplification, which needs all of them. The output appears under its
/// name when it is whole.
package struct AreaConversion {
    package struct Options: Sendable {
        /// The reference system of the input; nil to take the one that it states.
        package var crs: String?
        package var layer: String?
        /// The side of a square whose area is the largest that a vertex which is left out makes with its neighbours, in
        /// degrees; nil to leave geometries as they are.
        package var tolerance: Double?
        /// Whether each geometry is replaced by its centroid.
        package var isOfCentroids = false
        /// The properties to keep, in this order; nil for all.
        package var properties: [String]?

        package init() {}
    }

    package struct Progress: Sendable {
        package enum Step: Sendable {
            /// Finding the columns, which FlatGeobuf has before its records.
            case columns
            case records
            case simplification
        }

        package let step: Step
        /// The share of the whole work that is done, from 0 to 1.
        package let share: Double
        package let records: Int
    }

    package struct Outcome: Sendable, Equatable {
        package var records = 0
        package var withoutGeometry = 0
        package var vertices = 0
        /// The number of vertices before they were simplified; nil if they were not.
        package var verticesBefore: Int?
        package var reference = ""
        package var format = AreaFormat.geoJSON
        package var bytes = 0
        package var notes: [String] = []
    }

    private let input: AreaFile
    private let inputPath: String
    private let outputPath: String
    private let format: AreaFormat
    private let options: Options
    private let limits: AreaLimits

    /// - Throws: `AreaError` when the input cannot be opened, or the output's name has no known ending.
    package init(
        from input: String, to output: String, _ options: Options, limits: AreaLimits = AreaLimits()
    ) throws(AreaError) {
        format = try AreaFormat(ofPath: output)
        let resolved = { (path: String) in URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        guard resolved(input) != resolved(output) else {
            throw AreaError(.file, file: output, "is the file to convert; choose another name for the output")
        }
        self.input = try AreaFile(path: input, limits: limits)
        inputPath = input
        outputPath = output
        self.options = options
        self.limits = limits
    }

    /// Reads and writes everything.
    /// - Parameter progress: Called now and then.
    /// - Throws: `AreaError`; then no output is left. `CancellationError` when the task is cancelled.
    package func run(_ progress: (Progress) -> Void) throws -> Outcome {
        var outcome = Outcome()
        outcome.format = format
        var schema: LayerSchema?
        if format == .flatGeobuf {
            var found = LayerSchema(mostColumns: limits.mostColumns)
            _ = try forEachRecord(.columns, progress) { record throws(Fault) in try found.add(record) }
            schema = found
        }
        let temporary = outputPath + ".part"
        var sink = Sink(try OutputFile(temporary, name: outputPath), output(schema))
        do {
            try write(into: &sink, &outcome, progress)
            outcome.bytes = try sink.finish()
            guard rename(temporary, outputPath) == 0 else {
                throw AreaError(.file, file: outputPath, "cannot be written: \(String(cString: strerror(errno)))")
            }
        } catch {
            unlink(temporary)
            throw error
        }
        return outcome
    }

    private func write(into sink: inout Sink, _ outcome: inout Outcome, _ progress: (Progress) -> Void) throws {
        let reader: AreaReader
        if let tolerance = options.tolerance {
            var held = HeldLayer(limits)
            reader = try forEachRecord(.records, progress) { record throws(Fault) in try held.add(record) }
            progress(Progress(step: .simplification, share: 0.9, records: held.records.count))
            let (before, _) = held.simplify(tolerance: tolerance)
            outcome.verticesBefore = before
            for record in held.records { try sink.write(finished(record), &outcome) }
        } else {
            reader = try forEachRecord(.records, progress) { record in try sink.write(finished(record), &outcome) }
        }
        outcome.reference = reader.referenceName
        outcome.notes += reader.notes
    }

    /// Reads the layer and hands on each record with the chosen properties.
    private func forEachRecord<Failure: Error>(
        _ step: Progress.Step, _ progress: (Progress) -> Void, _ body: (AreaRecord) throws(Failure) -> Void
    ) throws -> AreaReader {
        let reader = try AreaReader(input, layer: options.layer, crs: options.crs)
        var missing = Set(options.properties ?? [])
        if let columns = reader.columns {
            missing.subtract(columns)
            guard missing.isEmpty else { throw missingColumns(missing, among: columns, reader) }
        }
        var seen: Set<String> = []
        var count = 0
        while var record = try reader.next() {
            if let wanted = options.properties {
                if reader.columns == nil {
                    for property in record.properties where seen.count < limits.mostColumns {
                        seen.insert(property.name)
                        missing.remove(property.name)
                    }
                }
                record.properties = wanted.map { name in
                    record.properties.first { $0.name == name } ?? AreaRecord.Property(name, .null)
                }
            }
            do {
                try body(record)
            } catch let fault as Fault {
                throw fault.at(reader.file, record: record.number)
            }
            count += 1
            if count % 64 == 0 {
                try Task.checkCancellation()
                progress(Progress(step: step, share: share(of: step, reader.share), records: count))
            }
        }
        guard missing.isEmpty || count == 0 else { throw missingColumns(missing, among: seen.sorted(), reader) }
        return reader
    }

    /// FlatGeobuf's columns take a reading of their own, and simplification about a tenth of the time.
    private func share(of step: Progress.Step, _ share: Double) -> Double {
        let whole = format == .flatGeobuf ? (step == .columns ? share / 2 : 0.5 + share / 2) : share
        return options.tolerance == nil ? whole : 0.9 * whole
    }

    private func missingColumns(
        _ missing: Set<String>, among columns: [String], _ reader: AreaReader
    ) -> AreaError {
        AreaError(
            .column, file: reader.file,
            "has no property \(missing.sorted().joined(separator: ", ")); there are: "
                + columns.prefix(40).joined(separator: ", "))
    }

    private func finished(_ record: AreaRecord) -> AreaRecord {
        guard options.isOfCentroids else { return record }
        var record = record
        record.geometry = record.geometry?.centroid.map(Geometry.point)
        return record
    }

    private func output(_ schema: LayerSchema?) -> any FeatureOutput {
        guard var schema else { return GeoJSONOutput(format) }
        if options.isOfCentroids { schema.shape = .point }
        let name = options.layer ?? URL(fileURLWithPath: inputPath).deletingPathExtension().lastPathComponent
        return FlatGeobufOutput(schema, name: name)
    }

    /// Writes records to the output, a buffer full at a time.
    private struct Sink {
        private let file: OutputFile
        private var output: any FeatureOutput
        private var buffer = ByteBuffer()
        private var written = 0

        init(_ file: OutputFile, _ output: any FeatureOutput) {
            self.file = file
            self.output = output
            self.output.begin(into: &buffer)
        }

        mutating func write(_ record: AreaRecord, _ outcome: inout Outcome) throws(AreaError) {
            outcome.records += 1
            outcome.vertices += record.geometry?.vertexCount ?? 0
            if record.geometry == nil { outcome.withoutGeometry += 1 }
            output.write(record, into: &buffer)
            if buffer.readableBytes > 1 << 18 { try flush() }
        }

        /// Writes the rest and returns the size of the file.
        mutating func finish() throws(AreaError) -> Int {
            output.end(into: &buffer)
            try flush()
            try file.close()
            return written
        }

        private mutating func flush() throws(AreaError) {
            written += buffer.readableBytes
            try file.write(buffer)
            buffer.clear()
        }
    }
}
