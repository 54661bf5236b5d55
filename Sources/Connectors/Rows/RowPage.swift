import Fetch
import Foundation
import NIOCore
import Synchronization

/// A page without its rows, which are in the row file.
struct RowPage: Sendable {
    var count: Int
    /// The document without its rows.
    var envelope: JSONValue
    /// The last row as it came.
    var last: [UInt8]?
}

/// A reader of pages that come as JSON.
struct RowPages: Sendable {
    /// The largest document, in bytes. As values it takes many times as much memory.
    static let documentBytes = 4 << 20

    let fetcher: Fetcher

    /// Reads a page and writes its rows.
    ///
    /// A page that breaks off is read again, and what was written of it is dropped.
    /// - Parameters:
    ///   - path: Names of the objects that lead to the array of rows.
    ///   - head: Looks at the status and header fields before anything else.
    ///   - check: Looks at the envelope of a page in which the rows were not found, or at any other; throws what the
    ///     source says is wrong.
    ///   - row: Gives what is to be written of a row; `nil` leaves it out. It must not remember rows of a page that is
    ///     read again, so `begin` is called before each try.
    /// - Throws: `FetchError` and ``SourceError``.
    func read(
        _ request: FetchRequest, path: [String], into rows: RowFile, begin: @escaping @Sendable () -> Void = {},
        head: @escaping @Sendable (AnswerHead) throws -> Void = { _ in },
        check: @escaping @Sendable (JSONValue) throws -> Void = { _ in },
        row: (@Sendable (ArraySlice<UInt8>) throws -> [UInt8]?)? = nil
    ) async throws -> RowPage {
        let mark = rows.mark
        let url = request.url.shown
        return try await fetcher.read(request) { answer, body in
            try rows.rewind(to: mark)
            begin()
            try head(answer)
            // A gate or a fault page of a content network comes with status 200, too.
            guard answer.mediaType != "text/html" else {
                throw FetchError(
                    .cutShort, url: url, "the source sent a page for people in place of data", status: answer.status)
            }
            var scanner = JSONRowScanner(path: path)
            var last: [UInt8]?
            do {
                for try await piece in body {
                    try piece.withUnsafeReadableBytes { bytes in
                        try scanner.read(bytes) { slice in
                            last = Array(slice)
                            if let row {
                                if let text = try row(slice) { try rows.write(row: text) }
                            } else {
                                try rows.write(row: slice)
                            }
                        }
                    }
                }
            } catch let fault as JSONRowScanner.Fault {
                throw SourceError(.shape, url: url, "the answer \(fault.problem)")
            }
            guard scanner.isWhole else {
                throw FetchError(.cutShort, url: url, "the answer ends before its JSON does", status: answer.status)
            }
            let envelope = try Self.json(scanner.envelope, url)
            try check(envelope)
            guard scanner.foundRows else {
                let place = path.isEmpty ? "is not an array" : "has no array \(path.joined(separator: "."))"
                throw SourceError(.shape, url: url, "the answer \(place)")
            }
            return RowPage(count: scanner.count, envelope: envelope, last: last)
        }
    }

    /// Reads a small document.
    /// - Throws: `FetchError`, and ``SourceError`` for an answer that is not JSON.
    func document(_ request: FetchRequest) async throws -> (value: JSONValue, answer: Answer) {
        var request = request
        request.access.limits.bytes = min(request.access.limits.bytes, Self.documentBytes)
        request.isSound = { head, body in
            head.mediaType != "text/html" && (try? JSONValue(body.readableBytesView)) != nil
        }
        let answer = try await fetcher.answer(request)
        return (try Self.json(answer.body.readableBytesView, request.url.shown), answer)
    }

    private static func json(_ bytes: some Collection<UInt8>, _ url: String) throws(SourceError) -> JSONValue {
        do {
            return try JSONValue(bytes)
        } catch {
            throw SourceError(.shape, url: url, "the answer \(error.problem)")
        }
    }
}
