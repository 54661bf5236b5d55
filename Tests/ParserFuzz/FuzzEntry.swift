import CSV
import Formats
import HTTPTypes
import PMTiles
import Server
import TileMath
import Web

// scripts/fuzz-parsers compiles this with the parsers of untrusted input and libFuzzer, which calls the function below
// with bytes that it varies to reach more and more of the code. A trap or a broken law ends it.

/// One run: the first byte chooses a parser, the others are its input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let kind = bytes.first else { return 0 }
    let rest = bytes.dropFirst()
    let text = String(decoding: rest, as: UTF8.self)
    switch kind % 8 {
    case 0: readQuery(text)
    case 1: readTileAddress(text)
    case 2: readCSV(Array(rest))
    case 3: readHeaders(text)
    case 4: readRequest(Array(rest))
    case 5: readFilter(text)
    case 6: readBasemap(Array(rest))
    default: readSettings(text)
    }
    return 0
}

private func readQuery(_ text: String) {
    var parameters = QueryParameters(text, known: ["dataset", "bbox", "from", "f"])
    for name in ["dataset", "bbox", "from", "f"] {
        guard let value = parameters.text(name) else { continue }
        // A value written into a link is read back as the same value.
        let again = QueryParameters("\(name)=\(PercentEncoding.encode(value))", known: [name])
        precondition(again.text(name) == value)
        _ = parameters.parsed(name, "a number") { Double($0) }
    }
    if (try? parameters.check()) == nil { precondition(!parameters.faults.isEmpty) }
    for fault in parameters.faults { precondition(fault.field.count <= 64) }
    if let decoded = PercentEncoding.decode(text, plusIsSpace: true) {
        precondition(PercentEncoding.decode(PercentEncoding.encode(decoded), plusIsSpace: true) == decoded)
    }
}

private func readTileAddress(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3,
        let address = try? TileAddress(pathZ: parts[0], x: parts[1], y: parts[2])
    else { return }
    // A tile address has one spelling.
    precondition("\(address)" == parts[0..<3].joined(separator: "/"))
    let bounds = address.bounds
    precondition(bounds.west < bounds.east && bounds.south < bounds.north)
    precondition(TileRange.covering(bounds, z: address.z)?.contains { $0.contains(address) } == true)
}

/// A text gives the same records in whatever blocks it arrives.
private func readCSV(_ bytes: [UInt8]) {
    // The first byte chooses what a mapping may state.
    var form = CSVForm()
    form.maximumQuotedLines = 4
    let choice = bytes.first ?? 0
    if choice & 1 != 0 { form.escape = UInt8(ascii: "\\") }
    if choice & 2 != 0 { form.comment = UInt8(ascii: "#") }
    if choice & 4 != 0 { form.quote = nil }
    func records(_ pieces: [ArraySlice<UInt8>]) -> [[String]] {
        var reader = CSVReader(form, maximumRecordBytes: 64, hasHeader: choice & 8 != 0)
        var batch = RecordBatch()
        var records: [[String]] = []
        func take() {
            for record in batch.records {
                precondition(record.range.upperBound <= batch.bytes.count)
                var fields = ["\(record.line)", "\(String(describing: record.fault))"]
                for field in record.fields {
                    batch.unescape(field)
                    fields.append(String(decoding: batch.bytes[batch.fields[field].range], as: UTF8.self))
                }
                records.append(fields)
            }
        }
        for piece in pieces {
            let piece = Array(piece)
            reader.read(piece.span, into: &batch)
            take()
        }
        reader.finish(into: &batch)
        take()
        return records
    }
    let whole = records([bytes[...]])
    let cut = bytes.isEmpty ? 0 : Int(bytes[0]) % (bytes.count + 1)
    precondition(records([bytes[..<cut], bytes[cut...]]) == whole)
    precondition(records(bytes.indices.map { bytes[$0...$0] }) == whole)
}

private func readHeaders(_ text: String) {
    // The HTTP parser lets no other bytes into a header.
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else { return }
    _ = AcceptEncoding.prefersGzip(text)
    precondition(!EntityTag.isKnown("\"a\"", ifNoneMatch: text) || text.contains("\"a\"") || text.contains("*"))
    for entry in QualityList.entries(text) { precondition((0...1).contains(entry.quality)) }
    if let parent = TraceParent(text) { precondition(TraceParent(parent.text)?.trace == parent.trace) }
    let id = RequestID.text(text)
    precondition(RequestID.isSound(id.utf8))
    var headers = HTTPFields()
    for name in [HTTPField.Name.forwarded, .xForwardedFor, .xForwardedProto, .xForwardedHost] { headers[name] = text }
    for header in ProxyTrust.Header.allCases {
        let trust = ProxyTrust([AddressBlock("10.0.0.0/8")!, AddressBlock("2001:db8::/32")!], header: header)
        guard let client = ForwardedClient(headers, from: "10.0.0.1", trusting: trust) else { continue }
        precondition(AddressBlock.isAddress(client.address))
        precondition(client.scheme.map { $0 == "http" || $0 == "https" } ?? true)
    }
}

private func readRequest(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in
        guard let request = PlainRequest(bytes) else { return }
        precondition(request.length <= bytes.count && request.target.upperBound <= request.length)
        for range in [request.acceptEncoding, request.ifNoneMatch, request.origin, request.requestID] {
            guard let range else { continue }
            precondition(range.upperBound <= request.length && !bytes[range].contains(0x0d))
        }
        // Bytes after a request do not change how it is read.
        precondition(PlainRequest(UnsafeRawBufferPointer(rebasing: bytes[..<request.length])) != nil)
    }
}

private func readFilter(_ text: String) {
    let queryables: [String: FeatureProperty.Kind] = [
        "name": .text, "count": .integer, "score": .number, "flag": .truth, "day": .day, "time": .instant,
    ]
    do throws(FilterFault) {
        let filter = try FilterParser.parse(text, queryables)
        // Parentheses around a filter change nothing, as long as they are allowed.
        if let again = try? FilterParser.parse("(\(text))", queryables) { precondition(again == filter) }
    } catch {
        precondition(error.position >= 1 && error.position <= text.unicodeScalars.count + 1)
    }
}

private func readSettings(_ text: String) {
    if let path = BasePath(text) { precondition(path.stripped(path.text + "/v1") == "/v1") }
    _ = CrossOrigin(text).map { $0.preflight(from: text, methods: "GET") }
    if let block = AddressBlock(text) { _ = block.contains("192.0.2.1") }
    _ = Origin(publicURL: nil, scheme: "http", authority: text, basePath: .root)
}

/// Header and directory of a file of tiles: every byte of it is somebody else's.
private func readBasemap(_ bytes: [UInt8]) {
    if let header = try? PMTilesHeader(bytes, size: 4096) {
        precondition(header.zooms.upperBound <= 22 && header.bounds[1] <= header.bounds[3])
    }
    guard let directory = try? PMTilesDirectory(bytes) else { return }
    // An entry has at least four bytes, so no number in a file makes a large directory.
    precondition((1...bytes.count / 4).contains(directory.count))
    for z in 0...3 {
        for x in 0..<1 << z {
            for y in 0..<1 << z {
                let id = PMTilesID.of(z: z, x: x, y: y)
                guard case .tile(let tile)? = directory.target(id) else { continue }
                precondition(!tile.isEmpty)
            }
        }
    }
    _ = directory.target(.max)
}
