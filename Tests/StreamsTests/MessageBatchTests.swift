import Testing

@testable import Streams

struct MessageBatchTests {
    private let first = MessagePlace(topic: "t", partition: 0)
    private let second = MessagePlace(topic: "t", partition: 1)

    private func message(_ place: MessagePlace, _ offset: Int64) -> BrokerMessage {
        BrokerMessage([], place: place, offset: offset)
    }

    /// Where each half begins is where the one before ends, and both together cover what the whole did.
    @Test func halvesCoverTheSameStretches() throws {
        let batch = MessageBatch(
            [message(first, 4), message(second, 7), message(first, 6), message(first, 9)],
            stretches: [first: .init(from: 3, to: 10, end: 20), second: .init(from: 7, to: 8)])
        let halves = try #require(batch.halves)
        #expect(halves.first.messages.map(\.offset) == [4, 7])
        #expect(halves.first.stretches == [first: .init(from: 3, to: 5, end: 20), second: .init(from: 7, to: 8)])
        #expect(halves.second.messages.map(\.offset) == [6, 9])
        #expect(halves.second.stretches == [first: .init(from: 5, to: 10, end: 20)])
    }

    @Test func aSingleMessageHasNoHalves() {
        #expect(MessageBatch([message(first, 1)]).halves == nil)
    }
}
