import Testing

@testable import Tiles

@Suite struct CurrentGenerationTests {
    @Test func itIsUnknownAtFirst() {
        #expect(CurrentGeneration().value == nil)
    }

    @Test func itOnlyGrows() {
        let generation = CurrentGeneration()
        generation.advance(to: 0)
        #expect(generation.value == 0)
        generation.advance(to: 5)
        generation.advance(to: 3)
        #expect(generation.value == 5)
    }

    @Test func theGreatestOfManyWins() async {
        let generation = CurrentGeneration()
        await withTaskGroup(of: Void.self) { group in
            for number in (0..<1000).shuffled() { group.addTask { generation.advance(to: Int64(number)) } }
        }
        #expect(generation.value == 999)
    }
}
