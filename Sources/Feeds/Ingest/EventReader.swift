import CSV
import Domain
import Zip

/// Reads a file from start to end and cuts it into record batches. Of a zip archive it reads all files with the columns
/// of the mapping, one after the other.
actor EventReader {
    /// The size of a record batch: small enough for small event chunks, and for every thread to get some of a short
    /// file.
    static let sliceRecords = 5_000

    /// The file that is being read, of one or of several in an archive.
    private struct Source {
        var reader: RecordReader
        let decoder: EventDecoder
        /// The name in an archive; nil when it is the only file.
        let member: String?
        /// The index of the next record in the reader's records.
        var position: Int
    }

    private let file: EventFile
    private let mapping: Mapping
    private let defaultZone: ZoneOffsets
    private var source: Source
    /// The files of the archive that are not yet opened.
    private var waiting: ArraySlice<ZipArchive.Member>
    private var headers: HeaderList
    private var findingsBefore: [String]
    private var guessBefore: EncodingGuess?
    private var bytesBefore: Int64 = 0
    private var rows: Int64 = 0
    private let digest: RecordDigest

    /// Opens the file and reads its header.
    ///
    /// - Parameter takesAnyColumns: Whether a file of JSON without the columns of the mapping is read all the same.
    init(
        _ file: EventFile, mapping: Mapping, defaultZone: ZoneOffsets, takesAnyColumns: Bool = false
    ) throws(FeedError) {
        let file = file.choosing(by: mapping.dialect.layout)
        self.file = file
        self.mapping = mapping
        self.defaultZone = defaultZone
        var opened: Source
        var findings: [String] = []
        var waiting: ArraySlice<ZipArchive.Member> = []
        if let (files, others) = try EventText.members(of: file) {
            findings = others
            waiting = files[...]
            var problems: [FeedError] = []
            let found = try Self.first(
                of: &waiting, isOnly: files.count == 1, file, mapping, defaultZone, problems: &problems)
            guard let found else {
                let list = problems.prefix(5).map(\.problem).joined(separator: "; ")
                throw FeedError(
                    .header, file: file.path, "none of the \(files.count) files in the archive fits: \(list)")
            }
            opened = found
            findings += Self.findings(of: problems)
        } else {
            opened = try Self.open(
                nil, isOnly: true, file, mapping, defaultZone, takesAnyColumns: takesAnyColumns)
        }
        self.waiting = waiting
        findingsBefore = findings
        var headers = HeaderList()
        headers.add(opened.reader.headerText, firstRow: 1)
        let digest = RecordDigest()
        opened.reader.begin(digest)
        self.digest = digest
        source = opened
        self.headers = headers
    }

    /// The headers read so far.
    var header: String { headers.text }

    /// How the file is written that is being read.
    var dialect: Dialect { source.reader.dialect }

    var compression: Compression { source.reader.compression }

    /// Findings about the file so far, and what was not read of an archive, in sentences.
    var findings: [String] { findingsBefore + findings(of: source) }

    /// The guess of the encoding, of the first file for which it was guessed; nil where none was so far.
    var encodingGuess: EncodingGuess? { guessBefore ?? guess(of: source) }

    /// The next record batch, nil at the end of the file, and how many bytes of the file were read.
    func next() throws -> (slice: RecordSlice?, bytesRead: Int64) {
        while source.position == source.reader.batch.records.count {
            // A file may go on for gigabytes without a record, so cancellation is checked here.
            try Task.checkCancellation()
            if try source.reader.readRecordBatch() {
                source.position = 0
                source.reader.add(to: digest, from: 0)
            } else if try !openNext() {
                return (nil, bytesRead)
            }
        }
        let records = source.position..<min(source.position + Self.sliceRecords, source.reader.batch.records.count)
        source.position = records.upperBound
        rows += Int64(records.count)
        let slice = RecordSlice(source.reader, records: records, decoder: source.decoder, member: source.member)
        return (slice, bytesRead)
    }

    private var bytesRead: Int64 { bytesBefore + source.reader.bytesRead }

    /// Opens the next file of the archive that has the columns; false when there is none.
    private func openNext() throws(FeedError) -> Bool {
        var problems: [FeedError] = []
        let found = try Self.first(of: &waiting, isOnly: false, file, mapping, defaultZone, problems: &problems)
        findingsBefore += Self.findings(of: problems)
        guard let found else { return false }
        findingsBefore += findings(of: source)
        guessBefore = encodingGuess
        bytesBefore += source.reader.bytesRead
        source = found
        source.reader.begin(digest)
        headers.add(found.reader.headerText, firstRow: rows + 1)
        return true
    }

    private func findings(of source: Source) -> [String] {
        source.reader.findings.map { finding in source.member.map { "\($0): \(finding)" } ?? finding }
    }

    private static func findings(of problems: [FeedError]) -> [String] { problems.map { "Not read: \($0.problem)." } }

    private func guess(of source: Source) -> EncodingGuess? {
        guard var guess = source.reader.encodingGuess else { return nil }
        guess.member = source.member
        return guess
    }

    /// The first of the files that has the columns of the mapping. Takes it and those before it away.
    private static func first(
        of members: inout ArraySlice<ZipArchive.Member>, isOnly: Bool, _ file: EventFile, _ mapping: Mapping,
        _ defaultZone: ZoneOffsets, problems: inout [FeedError]
    ) throws(FeedError) -> Source? {
        while let member = members.popFirst() {
            do throws(FeedError) {
                return try open(member, isOnly: isOnly, file, mapping, defaultZone)
            } catch {
                guard !isOnly, error.code == .header else { throw error }
                problems.append(
                    FeedError(.header, file: file.path, line: error.line, "\(member.name): \(error.problem)"))
            }
        }
        return nil
    }

    private static func open(
        _ member: ZipArchive.Member?, isOnly: Bool, _ file: EventFile, _ mapping: Mapping, _ defaultZone: ZoneOffsets,
        takesAnyColumns: Bool = false
    ) throws(FeedError) -> Source {
        let reader = try RecordReader(
            file, member: member, stated: mapping.dialect, wanted: mapping.wantedColumns,
            alternatives: mapping.wantedAlternatives)
        let decoder: EventDecoder
        do throws(FeedError) {
            if !takesAnyColumns { try checkFit(reader, mapping, file) }
            decoder = try EventDecoder(
                mapping: mapping, header: reader.header, containers: reader.containers, file: file.path,
                line: reader.headerLine, dialect: reader.dialect, defaultZone: defaultZone)
        } catch {
            // The names may have been read in a wrong encoding, or in a wrong place.
            let notes = reader.findings + [reader.encodingGuess?.sentence].compactMap { $0 }
            guard error.code == .header, !notes.isEmpty else { throw error }
            throw FeedError(
                .header, file: error.file, line: error.line, "\(error.problem). Note: \(notes.joined(separator: " "))")
        }
        // The first records of a CSV file begin with its header.
        let position = reader.batch.records.isEmpty ? 0 : 1
        return Source(reader: reader, decoder: decoder, member: isOnly ? nil : member?.name, position: position)
    }

    /// The digest of the first records; nil until there are as many as it covers.
    var start: [UInt8]? { digest.start }

    /// The digest of the file. It must be called once, after the last record batch.
    func content() -> ContentDigest { digest.finish() }

    /// Checks that the columns of a JSON file fit the mapping. JSON leaves out what is null, so any column may be
    /// missing in the first records, but not all of them.
    private static func checkFit(_ reader: RecordReader, _ mapping: Mapping, _ file: EventFile) throws(FeedError) {
        guard reader.dialect.isJSON, reader.foundColumns > 0 else { return }
        let found = Array(reader.header.prefix(reader.foundColumns))
        let index = ColumnIndex(header: found, mapping: mapping, file: file.path, line: 1)
        let place =
            mapping.expenditure.map { [$0.amount] } ?? mapping.coordinates.place.columns + mapping.time.source.columns
        guard !place.contains(where: { index.has($0) }) else { return }
        for column in place { _ = try index.requiredPosition(of: column) }
    }
}
