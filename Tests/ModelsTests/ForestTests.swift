import Foundation
import Synchronization
import Testing
import Threads

@testable import Models

@Suite struct ForestTests {
    /// One feature that divides perfectly but for one row in ten.
    private static let matrix = (0..<200).map { Float($0 % 2) }
    private static let labels = (0..<200).map { $0 % 2 == 1 && $0 % 20 != 1 }

    private static func forest(_ change: (inout ForestSettings) -> Void = { _ in }) throws -> Forest {
        var settings = ForestSettings(seed: 1)
        // Every tree sees every row, so that leaves are the shares of all of them.
        settings.rowShare = 1
        settings.columnShare = 1
        change(&settings)
        return try Forest(
            Forest.train(matrix, columns: 1, labels: labels, settings: settings), columns: 1)
    }

    @Test func leavesAreShares() throws {
        let probabilities = try Self.forest().probabilities([0, 1])
        #expect(abs(probabilities[0] - 0) < 1e-6)
        #expect(abs(probabilities[1] - 0.9) < 1e-5)
    }

    @Test func treesDoNotBuildOnEachOther() throws {
        // However many rounds there are, the mean of trees that all see the same is one of them.
        let one = try Self.forest { $0.rounds = 1 }.probabilities([0, 1])
        let many = try Self.forest { $0.rounds = 20 }.probabilities([0, 1])
        #expect(zip(one, many).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func contributionsAndTheShareOfAllAddUpToTheProbability() throws {
        let answer = try Self.forest().answer([0, 1, .nan])
        let share = Float(90.0 / 200)
        for row in 0..<3 {
            #expect(
                abs(answer.contributions[2 * row] + answer.contributions[2 * row + 1] - answer.probabilities[row])
                    < 1e-5)
            #expect(abs(answer.contributions[2 * row + 1] - share) < 1e-5)
        }
    }

    @Test func aForestOfOtherFeaturesIsRefused() throws {
        let bytes = try Forest.train(Self.matrix, columns: 1, labels: Self.labels, settings: ForestSettings(seed: 1))
        #expect(throws: ModelError.self) { _ = try Forest(bytes, columns: 2) }
        #expect(throws: ModelError.self) { _ = try Forest(Array(bytes.prefix(100)), columns: 1) }
        #expect(throws: ModelError.self) { _ = try Forest([], columns: 1) }
        for place in [0, 40, bytes.count - 1] {
            var damaged = bytes
            damaged[place] ^= 1
            #expect(throws: ModelError.self) { _ = try Forest(damaged, columns: 1) }
        }
    }

    @Test func theVersionOfTheLibraryIsTold() {
        #expect(ForestLibrary.name.wholeMatch(of: /XGBoost \d+\.\d+\.\d+/) != nil)
    }
}

/// The result of work on a thread of its own.
func onThread<Output: Sendable>(_ work: @escaping @Sendable () -> Output) -> Output {
    let result = Monitor<Output?>(nil)
    Thread.run(named: "test", stackSize: 8 << 20) { result.change { $0 = work() } }
    return result.wait { $0 }
}
