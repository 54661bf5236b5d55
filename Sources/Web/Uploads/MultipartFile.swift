import NIOCore

/// Extracts the only file from a multipart/form-data body (RFC 7578) that arrives in blocks of any size.
///
/// A part is a file if its `Content-Disposition` has the parameter `filename`. All others are fields of the form and
/// are ignored, and so is what a browser sends for a file that was not chosen: an empty name.
struct MultipartFile {
    private enum State {
        /// Before the first boundary, in a field of the form, or after the file.
        case passingOver
        /// After a boundary, in the headers of a part.
        case headers
        case file
        case ended
    }

    /// The text behind that of a boundary.
    private enum Rest {
        /// The headers of a part, which begin with the line end at this place.
        case part(Int)
        case end
        /// Something else, so it is no boundary but a line that begins like one.
        case text
        /// More of it has to come.
        case unknown
    }

    private static let mostHeaderBytes = 16 << 10
    private static let lineEnd = Array("\r\n".utf8)

    private let delimiter: [UInt8]
    private var state = State.passingOver
    private var hasFile = false
    // The first boundary may be at the very start, without a line end before it.
    private var pending = lineEnd

    /// - Returns: `nil` when the content type is not multipart.
    /// - Throws: ``Problem`` 400 when it is of another kind of multipart, or names no boundary.
    init?(contentType: String?) throws(Problem) {
        let type = ParameterizedValue.mediaType(contentType)
        guard type.hasPrefix("multipart/") else { return nil }
        guard type == "multipart/form-data" else {
            throw .badRequest("The Content-Type must be multipart/form-data, or the body the file itself.")
        }
        guard let boundary = ParameterizedValue(contentType ?? "")?.parameters["boundary"],
            (1...70).contains(boundary.utf8.count)
        else { throw .badRequest("The Content-Type multipart/form-data needs one boundary of 1 to 70 characters.") }
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    /// The bytes of the file that a block completes.
    mutating func take(_ piece: ByteBuffer) throws(Problem) -> [UInt8] {
        pending.append(contentsOf: piece.readableBytesView)
        var file: [UInt8] = []
        var start = 0
        while state != .ended {
            guard state != .headers else {
                guard let end = try headers(from: start) else { break }
                start = end
                continue
            }
            let found = find(delimiter, from: start)
            let rest = found.map { self.rest(from: $0 + delimiter.count) }
            // Without a boundary everything is content except what may be the beginning of one.
            var content = found ?? max(start, pending.count - delimiter.count + 1)
            if case .text = rest { content += delimiter.count }
            if state == .file { file += pending[start..<content] }
            start = content
            switch rest {
            case .text: continue
            case .part(let place):
                start = place
                state = .headers
                continue
            case .end: state = .ended
            case .unknown, nil: break
            }
            break
        }
        pending.removeFirst(state == .ended ? pending.count : start)
        return file
    }

    /// - Throws: ``Problem`` 400 when the body ended too early or had no file.
    func finish() throws(Problem) {
        guard state == .ended else { throw .badRequest("The multipart body ends before its last boundary.") }
        guard hasFile else { throw .badRequest("The multipart body has no part with a file name.") }
    }

    /// The text behind that of a boundary (RFC 2046, 5.1.1): two hyphens, or blanks and a line end.
    private func rest(from start: Int) -> Rest {
        guard start + 2 <= pending.count else { return .unknown }
        if pending[start] == UInt8(ascii: "-"), pending[start + 1] == UInt8(ascii: "-") { return .end }
        var place = start
        while place < pending.count, pending[place] == UInt8(ascii: " ") || pending[place] == UInt8(ascii: "\t") {
            place += 1
        }
        guard place - start <= Self.mostHeaderBytes else { return .text }
        guard place + 2 <= pending.count else { return .unknown }
        return pending[place..<(place + 2)].elementsEqual(Self.lineEnd) ? .part(place) : .text
    }

    /// Reads the headers of a part and what they say of it.
    /// - Returns: The place after them; `nil` when more of them has to come.
    private mutating func headers(from start: Int) throws(Problem) -> Int? {
        guard let end = find(Array("\r\n\r\n".utf8), from: start) else {
            guard pending.count - start <= Self.mostHeaderBytes else {
                throw .badRequest("A part of the multipart body has headers of more than 16 KiB.")
            }
            return nil
        }
        let isFile = try Self.isFile(String(decoding: pending[start..<end], as: UTF8.self))
        guard !isFile || !hasFile else { throw .badRequest("The multipart body has more than one file: send one.") }
        hasFile = hasFile || isFile
        state = isFile ? .file : .passingOver
        return end + 4
    }

    private static func isFile(_ headers: String) throws(Problem) -> Bool {
        var isFile = false
        var encoding = "binary"
        // A line that begins with a blank continues the one before it.
        let unfolded = headers.replacing("\r\n ", with: " ").replacing("\r\n\t", with: " ")
        for line in unfolded.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw .badRequest("A header of a part of the multipart body has no colon.") }
            switch parts[0].lowercased() {
            case "content-disposition":
                guard let disposition = ParameterizedValue(String(parts[1])) else {
                    throw .badRequest("The Content-Disposition of a part of the multipart body is malformed.")
                }
                let name = disposition.parameters["filename"] ?? disposition.parameters["filename*"]
                isFile = !(name ?? "").isEmpty
            case "content-transfer-encoding": encoding = ParameterizedValue.mediaType(String(parts[1]))
            default: continue
            }
        }
        guard !isFile || ["binary", "8bit", "7bit"].contains(encoding) else {
            throw .badRequest("The file in the multipart body has a Content-Transfer-Encoding: send it as it is.")
        }
        return isFile
    }

    private func find(_ wanted: [UInt8], from start: Int) -> Int? {
        pending.withUnsafeBufferPointer { pending in
            var index = start
            while index + wanted.count <= pending.count {
                if pending[index] == wanted[0], pending[index..<(index + wanted.count)].elementsEqual(wanted) {
                    return index
                }
                index += 1
            }
            return nil
        }
    }
}
