import Testing

@testable import Caching

@Suite struct FrequentItemsTests {
    @Test func whatFitsIsCountedExactly() {
        var items = FrequentItems<Int>(room: 3)
        for item in [1, 2, 1, 3, 1] { items.add(item) }
        items.add(2, 5)
        #expect(items.counts == [1: 3, 2: 6, 3: 1])
    }

    /// The bound of Misra and Gries, compared with exact counts of a stream in which few items are frequent and many
    /// rare.
    @Test(arguments: [1, 5, 50, 400])
    func noCountIsTooHighNorTooLowByMoreThanItsShareOfTheStream(_ room: Int) {
        var items = FrequentItems<Int>(room: room)
        var exact: [Int: Int] = [:]
        var seed: UInt64 = 7
        var length = 0
        for number in 0..<20_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let chance = Int(seed >> 33)
            let item = chance % 3 == 0 ? 1_000_000 + number : Int(Double(chance % 10_000).squareRoot()) % 97
            let count = 1 + chance % 4
            items.add(item, count)
            exact[item, default: 0] += count
            length += count
            #expect(items.counts.count <= room)
        }
        let loss = length / (room + 1)
        for (item, count) in exact {
            let told = items.counts[item] ?? 0
            #expect(told <= count, "item \(item)")
            #expect(told >= count - loss, "item \(item)")
        }
    }
}
