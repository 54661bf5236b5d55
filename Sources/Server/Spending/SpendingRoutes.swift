import HTTPTypes
import Hummingbird
import Spending
import Web

/// Answers `/v1/analytics/…/spending` and what else tells of the expenditures of a dataset.
struct SpendingRoutes {
    let common: SpendingAnswers

    var endpoints: [Endpoint] {
        [
            .get("/v1/analytics/trends/spending", .reader, cost: .units(5), trends),
            .get("/v1/analytics/departments/insights", .reader, cost: .units(5), departments),
            .get("/v1/analytics/vendors/concentration", .reader, cost: .units(5), vendors),
            .get("/v1/analytics/outliers/spending", .reader, cost: .units(5), outliers),
        ]
    }

    /// Sums by month, quarter or fiscal year, or by fiscal year within departments or accounts.
    @Sendable private func trends(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["by"] + SpendingParameters.known)
        let names = SpendingTrends.Division.allCases.map(\.rawValue)
        let division =
            parameters.parsed("by", "one of \(names.joined(separator: ", "))") {
                SpendingTrends.Division(rawValue: $0)
            } ?? .month
        return try await answer(request, context, &parameters, name: "trends") { table, filter in
            SpendingTrends(table, filter, by: division).table(table)
        }
    }

    @Sendable private func departments(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: SpendingParameters.known)
        return try await answer(request, context, &parameters, name: "departments") { table, filter in
            DepartmentInsights(table, filter).table(table)
        }
    }

    @Sendable private func vendors(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: SpendingParameters.known)
        return try await answer(request, context, &parameters, name: "vendors") { table, filter in
            VendorConcentration(table, filter).table(table)
        }
    }

    @Sendable private func outliers(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: SpendingParameters.known)
        return try await answer(request, context, &parameters, name: "outliers") { table, filter in
            SpendingOutliers(table, filter).table(table)
        }
    }

    /// The answer with the table that is made of a dataset's expenditures.
    private func answer(
        _ request: Request, _ context: ClientContext, _ parameters: inout QueryParameters, name: String,
        _ make: @escaping @Sendable (ExpenditureTable, ExpenditureFilter) -> SpendingTable
    ) async throws -> Response {
        let asked = SpendingParameters(&parameters, accept: request.headers.combined(.accept))
        try parameters.check()
        let found = try await common.find(asked.dataset, for: context)
        return try await common.answer(request, context, asked, parameters, found, name: name) { [common] in
            try await common.figures(of: found, asked.filter) { make($0, asked.filter) }
        }
    }
}
