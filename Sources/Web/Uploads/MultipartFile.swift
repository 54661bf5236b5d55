import NIOCore

/// Extracts the only file from a multipart/form-data body (RFC 7578) that arrives in blocks of any size.
///
/// Parts without a file name are form fields and are ignored.
struct MultipartFile {
    private enum State {
        /// Before the first boundary, in a form field, or after the file.
        case passingOver
        /// After a boundary: the end of the body, or the headers of a part.
        case headers
        case file
        case ended
    }

    private static let mostHeaderBytes = 16 << 10

    private let delimiter: [UInt8]
    private var state = State.passingOver
    private var hasFile = false
    // The first boundary may be at the very start, without a line end before it.
    private var pending = Array("\r\n".utf8)

    /// - Returns: `nil` when the content type is not multipart/form-data.
    /// - Throws: ``Problem`` 400 when it names no boundary.
    init?(contentType: String?) throws(Problem) {
        let parts = (contentType ?? "").split(separator: ";").map { $0.trimmed }
        guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
        let boundary = parts.dropFirst().first { $0.lowercased().hasPrefix("boundary=") }.map {
            $0.dropFirst("boundary=".count).trimmingQuotes
        }
        guard let boundary, (1...70).contains(boundary.utf8.count) else {
            throw .badRequest("The Content-Type multipart/form-data needs a boundary of 1 to 70 characters.")
        }
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
            let end = find(delimiter, from: start)
            // Without a boundary everything is content except what may be the beginning of one.
            let content = end ?? max(start, pending.count - delimiter.count + 1)
            if state == .file { file += pending[start..<content] }
            start = content
            guard let end else { break }
            start = end + delimiter.count
            state = .headers
        }
        pending.removeFirst(state == .ended ? pending.count : start)
        return file
    }

    /// - Throws: ``Problem`` 400 when the body ended too early or had no file.
    func finish() throws(Problem) {
        guard state == .ended else { throw .badRequest("The multipart body ends before its last boundary.") }
        guard hasFile else { throw .badRequest("The multipart body has no part with a file name.") }
    }

    /// Reads what follows a boundary; `nil` when more of it has to come.
    private mutating func headers(from start: Int) throws(Problem) -> Int? {
        guard start + 2 <= pending.count else { return nil }
        if pending[start] == UInt8(ascii: "-"), pending[start + 1] == UInt8(ascii: "-") {
            state = .ended
            return pending.count
        }
        guard let end = find(Array("\r\n\r\n".utf8), from: start) else {
            guard pending.count - start <= Self.mostHeaderBytes else {
                throw .badRequest("A part of the multipart body has headers of more than 16 KiB.")
            }
            return nil
        }
        let lines = String(decoding: pending[start..<end], as: UTF8.self).lowercased().split(separator: "\r\n")
        let isFile = lines.contains { $0.hasPrefix("content-disposition:") && Self.hasFileName($0) }
        guard !isFile || !hasFile else { throw .badRequest("The multipart body has more than one file: send one.") }
        hasFile = hasFile || isFile
        state = isFile ? .file : .passingOver
        return end + 4
    }

    /// Whether a header in lower case has the parameter `filename` or `filename*`. The name of a field, in quotes, may
    /// contain these words.
    private static func hasFileName(_ header: Substring) -> Bool {
        var bare = ""
        var isQuoted = false
        var isEscaped = false
        for character in header {
            if isEscaped {
                isEscaped = false
            } else if character == "\"" {
                isQuoted.toggle()
            } else if isQuoted {
                isEscaped = character == "\\"
            } else {
                bare.append(character)
            }
        }
        return bare.split(separator: ";").contains { parameter in
            let name = parameter.prefix { $0 != "=" }
            return name.endIndex < parameter.endIndex && ["filename", "filename*"].contains(name.trimmed)
        }
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

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    fileprivate var trimmingQuotes: Substring {
        count >= 2 && first == "\"" && last == "\"" ? dropFirst().dropLast() : self
    }
}
