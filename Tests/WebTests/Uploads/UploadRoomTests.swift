import HTTPTypes
import Testing

@testable import Web

@Suite struct UploadRoomTests {
    private static let room = UploadRoom.Limits(atOnce: 2, each: 1, bytes: 10 << 20)

    private static func status(_ room: UploadRoom, _ who: String, _ length: Int? = nil) async -> HTTPResponse.Status? {
        do {
            try await room.admit(who, length: length) { _ in }
            return nil
        } catch {
            #expect((error as? Problem)?.headers[.retryAfter] != nil)
            return (error as? Problem)?.status
        }
    }

    @Test func uploadsOfAllAndOfOneAreBounded() async throws {
        let room = UploadRoom(Self.room, folder: nil)
        try await room.admit("a", length: nil) { _ in
            #expect(await Self.status(room, "a") == .tooManyRequests)
            try await room.admit("b", length: nil) { _ in
                #expect(await Self.status(room, "c") == .serviceUnavailable)
                // An account with too many uploads is told so, even if the total is reached as well.
                #expect(await Self.status(room, "a") == .tooManyRequests)
            }
            #expect(await Self.status(room, "c") == nil)
        }
        #expect(await Self.status(room, "a") == nil)
    }

    @Test func theDiskIsBoundedByWhatWasSaidAndByWhatComes() async throws {
        let room = UploadRoom(Self.room, folder: nil)
        try await room.admit("a", length: 6 << 20) { share in
            // The announced size is reserved already.
            try share.cover(6 << 20)
            #expect(await Self.status(room, "b", 5 << 20) == .serviceUnavailable)
            try await room.admit("b", length: nil) { other in
                try other.cover(4 << 20)
                #expect(throws: Problem.self) { try other.cover((4 << 20) + 1) }
            }
            #expect(await Self.status(room, "b", 4 << 20) == nil)
        }
        #expect(await Self.status(room, "b", 10 << 20) == nil)
        #expect(await Self.status(room, "b", (10 << 20) + 1) == .serviceUnavailable)
    }

    @Test func aDiskThatHasNoRoomIsToldBeforeItIsFull() async throws {
        let folder = try SpoolFolder()
        defer { folder.remove() }
        let free = try #require(folder.room?.free)
        let room = UploadRoom(UploadRoom.Limits(atOnce: 1, each: 1, bytes: .max), folder: folder)
        #expect(await Self.status(room, "a", free) == .serviceUnavailable)
        #expect(await Self.status(room, "a", 1) == nil)
    }
}
