import Accounts
import Domain
import Foundation
import TestDomain
import Testing

@testable import Server

@Suite struct ModelRoutesTests {
    private static let predict = "/v1/ml/predict/expenditure-type"
    private static let json = ["Content-Type": "application/json"]

    private static func serving<Result>(
        _ models: MemoryModels, as role: Role? = nil, store: MemoryStore = MemoryStore(),
        _ body: (WireClient) async throws -> Result
    ) async throws -> Result {
        var sources = store.sources
        sources.models = (models, models)
        let key = Secret.random(.apiKey)
        if let role {
            sources.accounts = MemoryAccounts { $0.keys[key.hash] = Principal(identity: .key("machine"), role: role) }
                .sources(AccessVersion(1))
        }
        return try await withServer(store, sources: sources) { client in
            var client = client
            if role != nil { client.credential = key.text }
            return try await body(client)
        }
    }

    private static func errors(_ answer: Answer) throws -> [String: String] {
        let errors = try answer.json()["errors"] as? [[String: String]] ?? []
        return Dictionary(errors.map { ($0["field"] ?? "", $0["message"] ?? "") }) { first, _ in first }
    }

    @Test func oneModelAnswersAllPaymentsInTheirOrder() async throws {
        let models = MemoryModels()
        try await Self.serving(models) { client in
            let body = #"{"rows": [{"vendor": "ab", "month": 3}, {"vendor": "abcd", "entered": "2021-12-31"}]}"#
            let answer = try await client.send("POST", Self.predict, Self.json, body: body)
            #expect(answer.status == 200)
            let json = try answer.json()
            #expect(json["model"] as? Int == 7)
            #expect(json["threshold"] as? String == "1860.00")
            let predictions = try #require(json["predictions"] as? [[String: Any]])
            #expect(predictions.map { $0["probability"] as? Double } == [0.02, 0.04])
            #expect(predictions[0]["type"] as? String == "usual")
        }
        #expect(models.now.asked == [[Payment(vendor: "ab", month: 3), Payment(vendor: "abcd", month: 12)]])
    }

    @Test func onePaymentNeedsNoList() async throws {
        let models = MemoryModels()
        try await Self.serving(models) { client in
            let body = #"{"vendor": "a", "department": null, "account_description": "b"}"#
            let status1 = try await client.send("POST", Self.predict, Self.json, body: body).status
            #expect(status1 == 200)
        }
        #expect(models.now.asked == [[Payment(vendor: "a", accountDescription: "b")]])
    }

    @Test(
        arguments: [
            (#"{"rows": [{"vendor": "a"}, {"vendor": 5}]}"#, "rows[1].vendor", "must be a text of 500 bytes at most"),
            (#"{"rows": [{"department": "a"}]}"#, "rows[0].vendor", "must be given"),
            (#"{"rows": [{"vendor": "a", "month": 13}]}"#, "rows[0].month", "must be a number from 1 to 12"),
            (
                #"{"rows": [{"vendor": "a", "entered": "31.12.2021"}]}"#, "rows[0].entered",
                "must be a date of the form YYYY-MM-DD"
            ),
            (
                #"{"rows": [{"vendor": "a", "colour": "red"}]}"#, "rows[0].colour",
                "is not known; a payment has account_description, department, entered, month, vendor"
            ),
            (#"{"rows": [{"vendor": "a"}, 5]}"#, "rows[1]", "must be an object"),
            (#"{"rows": []}"#, "rows", "must have a payment at least"),
            (#"{"rows": 5}"#, "rows", "must be a list of payments"),
            (#"{"rows": [{"vendor": "a"}], "more": 1}"#, "more", "is not known beside rows"),
            ("{}", "vendor", "must be given"),
        ] as [(String, String, String)])
    func aFaultNamesRowAndField(body: String, field: String, message: String) async throws {
        try await Self.serving(MemoryModels()) { client in
            let answer = try await client.send("POST", Self.predict, Self.json, body: body)
            #expect(answer.status == 422)
            let told = try Self.errors(answer)[field]
            #expect(told == message)
        }
    }

    @Test func moreThanTenThousandPaymentsAreRefused() async throws {
        func body(_ count: Int) -> String {
            "{\"rows\": [\([String](repeating: "{\"vendor\": \"a\"}", count: count).joined(separator: ","))]}"
        }
        try await Self.serving(MemoryModels()) { client in
            let status2 = try await client.send("POST", Self.predict, Self.json, body: body(10_000)).status
            #expect(status2 == 200)
            let answer = try await client.send("POST", Self.predict, Self.json, body: body(10_001))
            let told = try Self.errors(answer)["rows"]
            #expect(told == "must have 10000 payments at most")
        }
    }

    @Test func whatIsNotJSONIsRefused() async throws {
        try await Self.serving(MemoryModels()) { client in
            let status3 = try await client.send("POST", Self.predict, Self.json, body: "[1").status
            #expect(status3 == 400)
            let status4 = try await client.send("POST", Self.predict, Self.json, body: "[]").status
            #expect(status4 == 400)
            let status5 = try await client.send("POST", Self.predict, body: "{}").status
            #expect(status5 == 415)
        }
    }

    @Test func withoutAnActiveClassifierThereIsNothing() async throws {
        try await Self.serving(MemoryModels { $0.classifier = nil }) { client in
            let status6 = try await client.send("POST", Self.predict, Self.json, body: "{\"vendor\": \"a\"}").status
            #expect(status6 == 404)
        }
    }

    @Test func aDamagedClassifierIsToldAndRefused() async throws {
        let models = MemoryModels { state in
            state.unusable = UnusableModel(id: 7, reason: "its file is damaged")
            state.models = [.example(7)]
        }
        try await Self.serving(models, as: .analyst) { client in
            let answer = try await client.send("POST", Self.predict, Self.json, body: "{\"vendor\": \"a\"}")
            #expect(answer.status == 503)
            let status7 = try await client.send("POST", "/v1/ml/models/7/activate").status
            #expect(status7 == 409)
        }
    }

    @Test func theDatasetMayBeLeftOutWhereThereIsOne() async throws {
        let several = MemoryModels { $0.spending = ["toronto", "york"] }
        try await Self.serving(several) { client in
            let answer = try await client.get("/v1/ml/models")
            #expect(answer.status == 400)
            let told = try Self.errors(answer)["dataset"]
            #expect(told != nil)
            #expect(try await client.get("/v1/ml/models?dataset=toronto").status == 200)
        }
        try await Self.serving(MemoryModels { $0.spending = [] }) { client in
            let none = try await client.get("/v1/ml/models").status
            #expect(none == 404)
        }
    }

    @Test func trainingsAreQueuedForDatasetsThatHoldExpenditures() async throws {
        let models = MemoryModels()
        try await Self.serving(models, as: .analyst) { client in
            let answer = try await client.send("POST", "/v1/ml/clustering/train?seed=9&activate=true")
            #expect(answer.status == 202)
            #expect(answer.headers["location"] == "\(client.origin)/v1/analytics/runs/3")
            let taken = try await client.send(
                "POST", "/v1/ml/classification/train", ["Idempotency-Key": "taken"])
            #expect(taken.status == 422)
            let status8 = try await client.send("POST", "/v1/ml/classification/train?seed=-1").status
            #expect(status8 == 400)
        }
        #expect(
            models.now.orders == [
                TrainingOrder(dataset: "toronto", kind: .clustering, seed: 9, activate: true),
                TrainingOrder(dataset: "toronto", kind: .classification),
            ])
        try await Self.serving(MemoryModels { $0.spending = [] }, as: .analyst) { client in
            let answer = try await client.send("POST", "/v1/ml/clustering/train?dataset=toronto")
            #expect(answer.status == 400)
        }
    }

    @Test func onlyAnalystsTrainAndActivate() async throws {
        let models = MemoryModels { $0.models = [.example(1)] }
        try await Self.serving(models) { client in
            for path in ["/v1/ml/clustering/train", "/v1/ml/classification/train", "/v1/ml/models/1/activate"] {
                let status9 = try await client.send("POST", path).status
                #expect(status9 == 401)
            }
            #expect(try await client.get("/v1/ml/models/1").status == 200)
        }
        #expect(models.now.models[0].state == .candidate)
    }

    @Test func aListGoesOnToItsEnd() async throws {
        let models = MemoryModels { $0.models = (1...3).map { .example($0) } }
        try await Self.serving(models) { client in
            var ids: [Int] = []
            var path: String? = "/v1/ml/models?limit=2&model_kind=classification"
            while let next = path {
                let json = try await client.get(next).json()
                ids += (json["items"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? Int }
                path = (json["next"] as? String).flatMap { URL(string: $0) }.map { "\($0.path)?\($0.query ?? "")" }
            }
            #expect(ids == [3, 2, 1])
        }
    }

    @Test func theStatusTellsWhatIsActiveAndWhetherItHasDrifted() async throws {
        let models = MemoryModels { state in
            state.models = [.example(1, state: .active, drift: 0.3), .example(2, kind: .clustering, state: .active)]
        }
        try await Self.serving(models) { client in
            let json = try await client.get("/v1/ml/models/status").json()
            let kinds = try #require(json["kinds"] as? [[String: Any]])
            #expect(kinds.map { $0["kind"] as? String } == ["clustering", "classification"])
            #expect(kinds.map { $0["has_drifted"] as? Bool } == [false, true])
            #expect(kinds[1]["loaded"] as? Int == 7)
            let drift = (kinds[1]["active"] as? [String: Any])?["drift"] as? [String: Any]
            #expect(drift?["index"] as? Double == 0.3)
            #expect((drift?["indexes"] as? [String: Double])?["month"] == 1.5)
        }
    }

    @Test func goingBackIsAnActivation() async throws {
        let models = MemoryModels { $0.models = [.example(1, state: .retired), .example(2, state: .active)] }
        try await Self.serving(models, as: .analyst) { client in
            let answer = try await client.send("POST", "/v1/ml/models/1/activate")
            let state = try answer.json()["state"] as? String
            #expect(state == "active")
            let status10 = try await client.send("POST", "/v1/ml/models/9/activate").status
            #expect(status10 == 404)
        }
        #expect(models.now.models.map(\.state) == [.active, .retired])
    }
}
