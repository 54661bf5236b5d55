import Foundation
import HTTPTypes
package import Hummingbird

/// Writes the body of an upload to a file, block by block. The next block is read when the last one is written.
package struct UploadSpool {
    /// The largest size of a body in bytes.
    package let limit: Int
    /// The smallest number of bytes per second that a sender must reach; 0 for no limit.
    package let slowest: Int
    package let room: UploadRoom
    /// The folder of the files; without it they are among the temporary files of all processes.
    package let folder: SpoolFolder?

    package init(limit: Int, slowest: Int, room: UploadRoom, folder: SpoolFolder? = nil) {
        self.limit = limit
        self.slowest = slowest
        self.room = room
        self.folder = folder
    }

    /// How many bytes a compressed body may decompress to. Text compresses to about a tenth.
    package var mostUnpacked: Int { limit * 10 }

    /// Calls `body` with the path of a file that holds what was sent, and then deletes the file.
    ///
    /// - Parameter who: The name of the sender, for the limits on uploads.
    package func withFile<Output>(
        _ request: Request, of who: String, in context: some ArrivedContext, _ body: (String) async throws -> Output
    ) async throws -> Output {
        let length = request.headers[.contentLength].flatMap(Int.init)
        if let length, length > limit { throw tooLarge }
        return try await room.admit(who, length: length) { share in
            try await context.askForBody(of: request)
            let parent = folder?.path ?? FileManager.default.temporaryDirectory.path
            let file = try SpoolFile(path: "\(parent)/hextant-upload-\(UUID().uuidString)")
            if slowest > 0 {
                try await write(request, to: file, share, UploadPace(least: slowest))
            } else {
                try await write(request, to: file, share) { _ in }
            }
            defer { withExtendedLifetime(file) {} }
            return try await body(file.path)
        }
    }

    private func write(
        _ request: Request, to file: SpoolFile, _ share: UploadShare, _ pace: UploadPace
    ) async throws {
        // Only one of the two tasks uses them.
        nonisolated(unsafe) let (file, share) = (file, share)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await write(request, to: file, share) { pace.count($0) } }
            group.addTask { try await pace.watch() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func write(
        _ request: Request, to file: SpoolFile, _ share: UploadShare, _ count: (Int) -> Void
    ) async throws {
        var multipart = try MultipartFile(contentType: request.headers[.contentType])
        var received = 0
        for try await piece in request.body {
            received += piece.readableBytes
            count(piece.readableBytes)
            guard received <= limit else { throw tooLarge }
            try share.cover(received)
            if multipart != nil {
                try file.write(try multipart?.take(piece) ?? [])
            } else {
                try file.write(piece.readableBytesView)
            }
        }
        try multipart?.finish()
        guard received > 0 else { throw Problem.badRequest("The request has no body: send the file as the body.") }
    }

    private var tooLarge: Problem {
        Problem(status: .contentTooLarge, detail: "The body is larger than \(limit) bytes, the limit of this server.")
    }
}
