import Testing

@testable import Storage

struct RowSetTests {
    @Test func numbersAreInItOnceHoweverOftenTheyCome() {
        var rows = RowSet()
        let numbers: [Int64] = [1, 63, 64, 65, 127, 128, 1_000_000]
        for number in numbers + numbers { rows.insert(number) }
        #expect(rows.count == numbers.count)
        for number in numbers { #expect(rows.contains(number), "\(number)") }
        for number in [2, 62, 66, 126, 129, 999_999, 1_000_001, .max] as [Int64] {
            #expect(!rows.contains(number), "\(number)")
        }
    }

    @Test(arguments: [0, -1, -64, .min] as [Int64])
    func whatIsNotPositiveIsNeverInIt(number: Int64) {
        var rows = RowSet()
        rows.insert(5)
        rows.insert(number)
        #expect(rows.count == 1)
        #expect(!rows.contains(number))
    }
}
