import Foundation
import HTTPTypes
import Hummingbird

/// Writes the body of an upload to a file, piece by piece: the next piece is read when the last one is written.
struct UploadSpool {
    /// The longest body, in bytes.
    let limit: Int
    /// Bytes a second that a sender has to reach; 0 is no limit.
    let slowest: Int

    /// Hands `body` the path of a file with what was sent, which is removed after.
    func withFile<Output>(
        _ request: Request, in context: ClientContext, _ body: (String) async throws -> Output
    ) async throws -> Output {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { throw tooLarge }
        try await context.askForBody(of: request)
        let path = FileManager.default.temporaryDirectory.appending(path: "hextant-upload-\(UUID().uuidString)").path
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Problem.fault }
        defer { try? FileManager.default.removeItem(atPath: path) }
        if slowest > 0 {
            try await write(request, to: file, UploadPace(least: slowest))
        } else {
            try await write(request, to: file) { _ in }
        }
        try file.close()
        return try await body(path)
    }

    private func write(_ request: Request, to file: FileHandle, _ pace: UploadPace) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await write(request, to: file) { pace.count($0) } }
            group.addTask { try await pace.watch() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func write(_ request: Request, to file: FileHandle, _ count: (Int) -> Void) async throws {
        var multipart = try MultipartFile(contentType: request.headers[.contentType])
        var received = 0
        for try await piece in request.body {
            received += piece.readableBytes
            count(piece.readableBytes)
            guard received <= limit else { throw tooLarge }
            if multipart != nil {
                try file.write(contentsOf: try multipart?.take(piece) ?? [])
            } else {
                try file.write(contentsOf: Data(piece.readableBytesView))
            }
        }
        try multipart?.finish()
        guard received > 0 else { throw Problem.badRequest("The request has no body: send the file as the body.") }
    }

    private var tooLarge: Problem {
        Problem(status: .contentTooLarge, detail: "The body is larger than \(limit) bytes, the limit of this server.")
    }
}
