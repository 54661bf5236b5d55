import Risk
import Testing

@testable import Tiles

@Suite struct TileKeyTextTests {
    @Test func everyPartIsInTheText() throws {
        let key = try TileKey.example(levels: [.critical, .high])
        #expect(key.text(generation: 12) == "hextant:tile:toronto:12:2021-12-31:8:high+critical:10/286/373")
        #expect(
            try TileKey.example().text(generation: 0) == "hextant:tile:toronto:0:2021-12-31:8:all:10/286/373")
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
        ]
        #expect(Set(texts).count == texts.count)
    }
}
