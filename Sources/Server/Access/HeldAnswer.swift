import HTTPTypes
import Hummingbird
import NIOCore
import Web

/// The body of an answer that is sent only as long as the right to it lasts.
struct HeldAnswer: Sendable {
    /// The largest body of a known length that is sent at once. It takes no longer to send than a page of a list.
    private static let atOnce = 256 * 1024

    let right: RequestRight
    let watch: RightsWatch
    let channel: any Channel
    /// Called when the body was cut off.
    let onCut: @Sendable (Problem) -> Void

    /// Whether sending a body may take longer than one check of its right is valid.
    static func takesTime(_ body: ResponseBody) -> Bool { body.contentLength.map { $0 > atOnce } ?? true }

    func body(_ body: ResponseBody) -> ResponseBody {
        ResponseBody(contentLength: body.contentLength) { writer in
            let id = watch.add(right) { cut($0) }
            defer { watch.remove(id) }
            do {
                try await body.write(HeldWriter(base: writer, right: right))
            } catch let problem as Problem where RequestRight.isEnd(problem) {
                if watch.remove(id) { cut(problem) }
                throw problem
            }
        }
    }

    /// Drops what the client has not taken yet and does not end the body, so that nobody takes a part for the whole.
    private func cut(_ problem: Problem) {
        channel.cutOff()
        onCut(problem)
    }
}

/// Checks the right before every block and passes on little at a time, so that little waits for a slow client.
private struct HeldWriter: ResponseBodyWriter {
    private static let piece = 64 * 1024

    var base: any ResponseBodyWriter
    let right: RequestRight

    mutating func write(_ buffer: ByteBuffer) async throws {
        var rest = buffer
        repeat {
            try await right.checkPatiently()
            let length = min(rest.readableBytes, Self.piece)
            guard let piece = rest.readSlice(length: length) else { return }
            try await base.write(piece)
        } while rest.readableBytes > 0
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await right.checkPatiently()
        try await base.finish(trailingHeaders)
    }
}
