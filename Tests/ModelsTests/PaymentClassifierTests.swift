import Domain
import Foundation
import Spending
import TestSupport
import Testing

@testable import Models

@Suite struct PaymentClassifierTests {
    /// Payments of two years. Vendor `big` is paid 900 to 1,100 and others 10 to 200, apart from one in ten.
    private static func table(_ count: Int = 1200, seed: UInt64 = 5) -> PaymentTable {
        var random = SplitMix(state: seed)
        var table = PaymentTable()
        let first = LocalDay("2020-01-01")!
        for index in 0..<count {
            let isBig = Int.random(in: 0..<4, using: &random) == 0
            let isOdd = Int.random(in: 0..<10, using: &random) == 0
            let amount =
                isBig != isOdd
                ? Int64.random(in: 90_000...110_000, using: &random) : .random(in: 1000...20_000, using: &random)
            table.append(
                amount: amount, day: first.advanced(by: index * 730 / count), year: index < count / 2 ? 2020 : 2021,
                vendor: isBig ? "BIG, Ltd." : "small \(index % 7)", department: "d\(index % 3)", account: nil)
        }
        return table
    }

    @Test func spellingsOfACategoryAreOne() {
        for text in ["ACME, INC.", "Acme Inc", "  acme   inc ", "Acmé-Inc"] {
            #expect(CategoryKey.of(text) == "acme inc")
        }
        #expect(CategoryKey.of(" -- ") == nil)
        #expect(CategoryKey.of(String(repeating: "a", count: 5000))?.utf8.count == 200)
    }

    @Test func spellingsOfAVendorAreOneByTheRuleOfVendors() throws {
        let spellings = ["ACME, INC.", "Acme Inc", "The Acme Company", "A.C.M.E. & Co", "acmé"]
        var table = PaymentTable()
        for (index, name) in (spellings + ["Acme Tools", " -- "]).enumerated() {
            table.append(
                amount: 100, day: LocalDay("2020-01-01")!.advanced(by: index), year: nil, vendor: name,
                department: name, account: nil)
        }
        #expect(table.vendors.keys == ["acme", "acme tools"])
        #expect(table.vendors.codes == [0, 0, 0, 0, 0, 1, -1])
        // The key is that of the stored payments and of every figure.
        for name in spellings { #expect(CategoryKey.ofVendor(name) == VendorKey.key(of: name)) }
        // Departments have no legal form to lose.
        #expect(table.departments.key(2) == "the acme company")
    }

    @Test func aPredictionTakesAnySpellingOfAVendor() throws {
        // The training has the vendor as "BIG, Ltd.".
        let model = try PaymentClassifier.train(Self.table(), settings: ForestSettings(seed: 1)).model
        let asked = ["BIG, Ltd.", "Big", "The BIG Company Limited"].map {
            Payment(vendor: $0, department: "d1", accountDescription: nil, month: 6)
        }
        let matrix = model.matrix(asked)
        let rows = stride(from: 0, to: matrix.count, by: PaymentFeatures.count).map {
            Array(matrix[$0..<$0 + PaymentFeatures.count])
        }
        #expect(rows.count == 3)
        #expect(Set(rows).count == 1)
        #expect(rows[0][0] > 0.5)
        let unknown = model.matrix([Payment(vendor: "Bigger", department: "d1", accountDescription: nil, month: 6)])
        #expect(unknown[1] == 0)
    }

    @Test func ratesAreDrawnTowardsTheShareOfAll() {
        var column = CategoryColumn()
        for name in ["a", "A", "b", "b", nil] { column.append(name) }
        let rates = CategoryRates(
            column, rows: [0, 1, 2, 3], labels: [true, true, false, true], share: 0.75)
        #expect(rates.tallies["a"] == CategoryRates.Tally(high: 2, payments: 2))
        #expect(rates.features(of: "b").rate == Float((1 + 7.5) / 12))
        #expect(rates.features(of: "b").seen == Float(log(3.0)))
        // Categories that were never seen have the share of all.
        #expect(rates.features(of: "c").rate == 0.75)
        #expect(rates.features(of: nil).seen == 0)
    }

    @Test func theLatestFifthIsHeldOutWhereAYearIsTooMuch() throws {
        let table = Self.table()
        let split = try HoldOut(table)
        // Half of the payments are of the latest fiscal year, which is too much to hold out.
        #expect(split.rule == .time)
        #expect(split.test.count == 240)
        let last = try #require(split.training.map { table.days[$0] }.max())
        let first = try #require(split.test.map { table.days[$0] }.min())
        #expect(last < first)
        #expect(Set(split.training).isDisjoint(with: split.test))
    }

    @Test func theLatestFiscalYearIsHeldOutAndNothingSeesTheFuture() throws {
        var table = PaymentTable()
        for index in 0..<1000 {
            let isLatest = index >= 800
            // Ten of the older year were entered after the newer one had begun.
            let day = isLatest ? 400 + index % 100 : index < 790 ? index % 300 : 450
            table.append(
                amount: Int64(index), day: LocalDay("2020-01-01")!.advanced(by: day), year: isLatest ? 2021 : 2020,
                vendor: nil, department: nil, account: nil)
        }
        let split = try HoldOut(table)
        #expect(split.rule == .fiscalYear)
        #expect(split.test.allSatisfy { $0 >= 800 })
        #expect(split.training.count == 790)
        let last = try #require(split.training.map { table.days[$0] }.max())
        #expect(split.test.allSatisfy { table.days[$0] > last })
    }

    @Test func tooFewPaymentsAreRefused() {
        #expect(throws: ModelError.self) { try HoldOut(Self.table(100)) }
        #expect(throws: ModelError.self) { try HoldOut(PaymentTable()) }
    }

    @Test func theThresholdIsAnAmountThatWasPaid() {
        // percentile_disc(0.75) of PostgreSQL: the first value whose place is at or above three quarters.
        #expect(PaymentClassifier.threshold([10, 20, 30, 40]) == 30)
        #expect(PaymentClassifier.threshold([10, 20, 30, 40, 50]) == 40)
        #expect(PaymentClassifier.threshold([-5]) == -5)
        #expect(PaymentClassifier.decimal(186_005) == "1860.05")
        #expect(PaymentClassifier.decimal(-7) == "-0.07")
    }

    @Test func aForestLearnsWhatThereIsToLearn() async throws {
        let trained = try PaymentClassifier.train(Self.table(), settings: ForestSettings(seed: 1))
        let measures = trained.model.measures
        #expect(measures.rocAUC > 0.7)
        #expect(measures.brier < measures.majorityBrier)
        #expect(trained.training.days.upperBound < trained.test.days.lowerBound)
        let forest = try await ForestThread.load(trained.model)
        let answers = try await forest.predict([
            Payment(vendor: "big ltd", department: "d1", month: 3), Payment(vendor: "Small 3", month: 3),
            Payment(vendor: "nobody has heard of it"),
        ])
        #expect(answers[0].probability > 0.6)
        #expect(answers[1].probability < 0.3)
        #expect(answers.allSatisfy { (0...1).contains($0.probability) && $0.reasons.count == 3 })
        #expect(answers[0].reasons[0].input == "vendor")
        #expect(answers[0].reasons[0].contribution > 0)
    }

    @Test func theSamePaymentsAndSeedGiveTheSameFile() throws {
        let table = Self.table(400)
        @Sendable func file(_ seed: UInt64) throws -> [UInt8] {
            var settings = ForestSettings(seed: seed)
            settings.trees = 20
            return try PaymentClassifier.train(table, settings: settings).model.file()
        }
        // Each on a thread of its own, as trainings are.
        let files = [UInt64](arrayLiteral: 3, 3, 4).map { seed in onThread { try? file(seed) } }
        #expect(files[0] != nil)
        #expect(files[0] == files[1])
        #expect(files[0] != files[2])
    }

    @Test func aFileThatWasCutOrIsForeignIsRefused() async throws {
        var settings = ForestSettings(seed: 1)
        settings.trees = 10
        let model = try PaymentClassifier.train(Self.table(400), settings: settings).model
        let file = try model.file()
        #expect(try PaymentClassifier.read(file) == model)
        #expect(throws: ModelError.self) { try PaymentClassifier.read(Array(file.dropLast(5))) }
        #expect(throws: ModelError.self) { try PaymentClassifier.read(Array("{\"format\": \"other\"}".utf8)) }
        // The forest inside is another's: the thread does not begin.
        let whole = String(decoding: file, as: UTF8.self)
        let start = try #require(whole.range(of: "\"forest\":\"")).upperBound
        let end = try #require(whole[start...].firstIndex(of: "\""))
        let foreign = whole.replacingCharacters(in: start..<end, with: Data("not a forest".utf8).base64EncodedString())
        let other = try PaymentClassifier.read(Array(foreign.utf8))
        await #expect(throws: ModelError.self) { _ = try await ForestThread.load(other) }
    }

    @Test func aTrainingThatIsCancelledEnds() {
        #expect(throws: CancellationError.self) {
            try PaymentClassifier.train(Self.table(400), settings: ForestSettings(seed: 1)) { share in
                if share > 0.2 { throw CancellationError() }
            }
        }
    }

    @Test func amountsThatDoNotDivideAreRefused() {
        var table = PaymentTable()
        for index in 0..<500 {
            table.append(
                amount: 100, day: LocalDay("2020-01-01")!.advanced(by: index), year: nil, vendor: "a",
                department: nil, account: nil)
        }
        #expect(throws: ModelError.self) { try PaymentClassifier.train(table, settings: ForestSettings(seed: 1)) }
    }

    @Test func driftIsSmallOfTheSamePaymentsAndLargeOfOthers() throws {
        let model = try PaymentClassifier.train(Self.table(), settings: ForestSettings(seed: 1)).model
        let same = try model.drift(of: Self.table(600, seed: 9))
        #expect(same.map(\.name) == PaymentFeatures.names + ["probability"])
        let rate = try #require(same.first { $0.name == "vendor_rate" })
        #expect(rate.index < 0.25)
        var others = PaymentTable()
        for index in 0..<300 {
            others.append(
                amount: 1, day: LocalDay("2022-01-01")!.advanced(by: index), year: nil, vendor: "new \(index)",
                department: nil, account: nil)
        }
        let moved = try #require(try model.drift(of: others).first { $0.name == "vendor_rate" })
        #expect(moved.index > 0.25)
    }
}
