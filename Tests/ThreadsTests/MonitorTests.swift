import Foundation
import Testing

@testable import Threads

@Suite struct MonitorTests {
    @Test func everyItemIsTakenByOneOfTheThreadsThatWait() async {
        let (results, continuation) = AsyncStream.makeStream(of: Int.self)
        let items = Monitor<[Int]>([])
        for number in 0..<3 {
            Thread.run(named: "taker \(number)") {
                while true {
                    let item = items.wait { $0.isEmpty ? nil : $0.removeFirst() }
                    guard item >= 0 else { return }
                    continuation.yield(item)
                }
            }
        }
        for item in 0..<1000 { items.change { $0.append(item) } }
        var taken: Set<Int> = []
        for await item in results {
            #expect(taken.insert(item).inserted)
            if taken.count == 1000 { break }
        }
        for _ in 0..<3 { items.change { $0.append(-1) } }
        #expect(taken == Set(0..<1000))
    }

    @Test func aChangeReturnsWhatItsBodyReturns() {
        let number = Monitor(41)
        #expect(
            number.change { number in
                number += 1
                return number
            } == 42)
        #expect(number.wait { $0 == 42 ? "at once" : nil } == "at once")
    }
}
