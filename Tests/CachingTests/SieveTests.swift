import Testing

@testable import Caching

@Suite struct SieveTests {
    @Test func holdsNoMoreThanItsLimit() {
        var sieve = Sieve<Int, Int>(limit: 1000)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let key = Int.random(in: 0..<500, using: &random)
            if Bool.random(using: &random) {
                sieve.set(key, key * 7, cost: Int.random(in: 0...50, using: &random))
            } else if let value = sieve.value(key) {
                #expect(value == key * 7)
            }
            #expect(sieve.cost <= 1000)
        }
        // Nothing that fits is lost: the total cost equals that of the keys that are found.
        #expect((0..<500).count { sieve.value($0) != nil } == sieve.count)
    }

    @Test func theLastValueOfAKeyStands() {
        var sieve = Sieve<String, Int>(limit: 10)
        sieve.set("a", 1, cost: 4)
        sieve.set("a", 2, cost: 5)
        #expect(sieve.value("a") == 2)
        #expect(sieve.cost == 5)
        #expect(sieve.count == 1)
    }

    @Test func whatWasAskedForAgainOutlivesAScan() {
        var sieve = Sieve<Int, Int>(limit: 100)
        for key in 0..<100 { sieve.set(key, key, cost: 1) }
        for key in 0..<50 { _ = sieve.value(key) }
        for key in 1000..<1050 { sieve.set(key, key, cost: 1) }
        #expect((0..<50).allSatisfy { sieve.value($0) != nil })
        #expect((50..<100).allSatisfy { sieve.value($0) == nil })
    }

    @Test func theOldestGoesWhenNothingWasAskedForAgain() {
        var sieve = Sieve<Int, Int>(limit: 3)
        for key in 1...3 { sieve.set(key, key, cost: 1) }
        #expect(sieve.set(4, 4, cost: 1) == 1)
        #expect(sieve.value(1) == nil)
        #expect(sieve.value(2) == 2)
    }

    @Test func anEntryThatAllWereAskedForStillMakesRoom() {
        var sieve = Sieve<Int, Int>(limit: 3)
        for key in 1...3 {
            sieve.set(key, key, cost: 1)
            _ = sieve.value(key)
        }
        sieve.set(4, 4, cost: 1)
        #expect(sieve.value(4) == 4)
        #expect(sieve.count == 3)
    }

    @Test func whatCostsMoreThanTheLimitIsNotHeldAndTakesItsOldValueAway() {
        var sieve = Sieve<Int, Int>(limit: 10)
        sieve.set(1, 1, cost: 1)
        sieve.set(2, 2, cost: 1)
        sieve.set(1, 9, cost: 11)
        #expect(sieve.value(1) == nil)
        #expect(sieve.value(2) == 2)
    }

    @Test func afterEverythingIsGoneItHoldsAgain() {
        var sieve = Sieve<Int, Int>(limit: 2)
        for key in 0..<5 { sieve.set(key, key, cost: 1) }
        sieve.removeAll()
        #expect(sieve.count == 0)
        #expect(sieve.cost == 0)
        for key in 0..<5 { sieve.set(key, key, cost: 1) }
        #expect(sieve.count == 2)
    }
}
