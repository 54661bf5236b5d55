import H3
import Testing

struct ResolutionTests {
    @Test(arguments: 0...15)
    func holdsTheNumbersThatExist(number: Int) throws {
        let resolution = try Resolution(number)
        #expect(resolution.number == number)
        #expect(resolution == Resolution.allCases[number])
        #expect(resolution.description == String(number))
        #expect(resolution.finer?.number == (number < 15 ? number + 1 : nil))
        #expect(resolution.coarser?.number == (number > 0 ? number - 1 : nil))
    }

    @Test(arguments: [-1, 16, Int.min, Int.max])
    func refusesNumbersThatDoNotExist(number: Int) {
        #expect(throws: H3Error.resolutionDomain) { try Resolution(number) }
    }

    @Test func theFinerOneIsTheGreater() {
        #expect(Resolution.allCases.count == 16)
        #expect(zip(Resolution.allCases, Resolution.allCases.dropFirst()).allSatisfy { $0 < $1 })
    }
}
