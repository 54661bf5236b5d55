import Testing

@testable import Web

@Suite struct SettingsExchangeTests {
    private static let settings = FrameHeader(length: 6, kind: .settings)
    private static let agreement = FrameHeader(length: 0, kind: .settings, flags: 1)

    @Test func theClientIsToldOfAHundredStreams() {
        // Length 12, type 4, then identifier 3 with 100 and identifier 6 with 16384 (RFC 9113, 6.5).
        #expect(
            SettingsExchange.told
                == [0, 0, 12, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100, 0, 6, 0, 0, 0x40, 0])
    }

    /// The exchange, as a reference type.
    private final class Exchange {
        private var exchange = SettingsExchange()

        var haveCome: Bool { exchange.haveCome }
        func takes(_ frame: FrameHeader) -> Bool { exchange.takes(frame) }
        func isAcknowledgementDue() -> Bool { exchange.isAcknowledgementDue() }
        func replacesFirstWrite() -> Bool { exchange.replacesFirstWrite() }
    }

    private let exchange = Exchange()

    @Test func theCodecHearsOfAgreementOnceAndBeforeTheClientAgrees() {
        #expect(!exchange.haveCome)
        #expect(!exchange.isAcknowledgementDue())
        #expect(!exchange.takes(Self.settings))
        #expect(!exchange.haveCome)
        #expect(exchange.isAcknowledgementDue())
        #expect(exchange.haveCome)
        #expect(!exchange.isAcknowledgementDue())
        #expect(!exchange.takes(Self.settings))
        #expect(exchange.takes(Self.agreement))
        // A further acknowledgement was not requested, so the codec must see it.
        #expect(!exchange.takes(Self.agreement))
    }

    @Test func anAgreementThatIsNoneGoesOn() {
        #expect(!exchange.takes(Self.agreement))
        #expect(!exchange.isAcknowledgementDue())
        _ = exchange.takes(Self.settings)
        _ = exchange.isAcknowledgementDue()
        #expect(!exchange.takes(FrameHeader(length: 6, kind: .settings, flags: 1)))
        #expect(!exchange.takes(FrameHeader(length: 0, kind: .settings, flags: 1, stream: 1)))
    }

    @Test func onlyTheFirstWriteIsReplaced() {
        #expect(exchange.replacesFirstWrite())
        #expect(!exchange.replacesFirstWrite())
    }
}
