import Domain
import TestDomain
import Testing

@testable import Tiles

@Suite struct TileKeyTextTests {
    @Test func everyPartIsInTheText() throws {
        var key = try TileKey.example(levels: [.critical, .high])
        #expect(
            key.text(generation: 12)
                == "hextant:tile:5:toronto:12:2021-12-31:8:high+critical:risk:5000:10/286/373")
        key.levels = []
        key.lastDay = LocalDay("2022-01-30")
        key.layers = [.events, .risk]
        key.cellLimit = 100
        #expect(
            key.text(generation: 0)
                == "hextant:tile:5:toronto:0:2021-12-31..2022-01-30:8:all:risk+events:100:10/286/373")
    }

    @Test func readersWhoMayKnowDifferentCountsHaveDifferentKeys() throws {
        var key = try TileKey.example()
        let exact = key
        let texts = [Disclosure.exact, .atLeast(3), .atLeast(5)].map { disclosure in
            key.disclosure = disclosure
            return key.text(generation: 1)
        }
        #expect(Set(texts).count == 3)
        #expect(key != exact)
        // Whoever forgets tiles of a dataset and place finds those of both.
        let place = try #require(TileKey.place(ofStored: texts[2]))
        #expect(place.dataset == key.dataset)
        #expect(place.address == key.address)
    }

    @Test func keysThatDifferInOnePartHaveDifferentTexts() throws {
        let texts = [
            try TileKey.example().text(generation: 1),
            try TileKey.example().text(generation: 2),
            try TileKey.example(dataset: "toronto2").text(generation: 1),
            try TileKey.example(day: "2021-12-30").text(generation: 1),
            try TileKey.example(resolution: 9).text(generation: 1),
            try TileKey.example(levels: [.low]).text(generation: 1),
            try TileKey.example(levels: [.low, .medium]).text(generation: 1),
            try TileKey.example(z: 11).text(generation: 1),
            try TileKey.example(x: 287).text(generation: 1),
            try TileKey.example(y: 374).text(generation: 1),
            try TileKey.example(lastDay: "2021-12-31").text(generation: 1),
            try TileKey.example(lastDay: "2022-01-01").text(generation: 1),
            try TileKey.example(layers: .events).text(generation: 1),
            try TileKey.example(layers: [.risk, .events]).text(generation: 1),
            try TileKey.example(cellLimit: 500).text(generation: 1),
        ]
        let layers = [
            OutlookLayer(), OutlookLayer(kind: .group("theft")), OutlookLayer(period: .week),
            OutlookLayer(classes: [.newHot]), OutlookLayer(classes: [.newHot, .newCold]),
        ]
        let outlooks = try layers.map { layer in
            var key = try TileKey.example(layers: .outlook)
            key.outlook = layer
            return key.text(generation: 1)
        }
        #expect(Set(texts + outlooks).count == texts.count + outlooks.count)
        #expect(outlooks[1] == "hextant:tile:5:toronto:1:2021-12-31:8:all:outlook=theft,28,all:5000:10/286/373")
        // A stored tile of an outlook is found when tiles are forgotten.
        #expect(outlooks.allSatisfy { TileKey.place(ofStored: $0)?.dataset == "toronto" })
    }
}
