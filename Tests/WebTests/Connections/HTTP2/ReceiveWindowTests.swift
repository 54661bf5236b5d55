import Testing

@testable import Web

@Suite struct ReceiveWindowTests {
    /// A window that was announced to the client, with everything granted after it.
    private final class Opened {
        var window = ReceiveWindow()
        let first: Int?

        init() {
            first = window.increment()
        }

        func grants() -> Int? { window.increment() }
    }

    private let opened = Opened()

    @Test func theWindowOpensToItsSizeAndNoFurther() {
        #expect(opened.first == 256 * 1024 - 65_535)
        #expect(opened.grants() == nil)
    }

    @Test func whatWaitsIsGrantedOnceItHasBeenPassedOn() {
        opened.window.receive(100_000, in: 1)
        opened.window.receive(50_000, in: 3)
        #expect(opened.grants() == nil)
        opened.window.pass(opened.window.waiting(in: 1), of: 1)
        #expect(opened.grants() == 100_000)
        #expect(opened.window.waiting(in: 3) == 50_000)
    }

    @Test func littleIsGrantedTogether() {
        for _ in 0..<6 {
            opened.window.receive(10_000, in: 1)
            opened.window.pass(10_000, of: 1)
            #expect(opened.grants() == nil)
        }
        opened.window.receive(10_000, in: 1)
        opened.window.pass(10_000, of: 1)
        #expect(opened.grants() == 70_000)
    }

    @Test func aClosedStreamHoldsNothing() {
        opened.window.receive(100_000, in: 1)
        opened.window.close(1)
        #expect(opened.grants() == 100_000)
        // Reports of its reader after that grant nothing again.
        opened.window.pass(100_000, of: 1)
        opened.window.close(1)
        #expect(opened.grants() == nil)
    }
}
