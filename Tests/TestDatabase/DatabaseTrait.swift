package import Testing

/// Gives a suite its own database, so that suites can run in parallel.
package struct DatabaseTrait: SuiteTrait, TestScoping {
    private let prepare: @Sendable () async throws -> Void

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let database = try await prepared()
        do {
            try await TestDatabase.$current.withValue(database) { try await function() }
        } catch {
            try await database.drop()
            throw error
        }
        try await database.drop()
    }

    private static let turns = Turns(2)

    private func prepared() async throws -> TestDatabase {
        await Self.turns.take()
        do {
            let database = try await TestDatabase.create()
            do {
                try await TestDatabase.$current.withValue(database) { try await prepare() }
            } catch {
                try await database.drop()
                throw error
            }
            await Self.turns.giveBack()
            return database
        } catch {
            await Self.turns.giveBack()
            throw error
        }
    }

    init(prepare: @escaping @Sendable () async throws -> Void) {
        self.prepare = prepare
    }
}

extension Trait where Self == DatabaseTrait {
    /// An empty database.
    package static var database: Self { DatabaseTrait {} }

    /// A database filled by `prepare`, which finds it through `TestDatabase.options`.
    package static func database(preparedBy prepare: @escaping @Sendable () async throws -> Void) -> Self {
        DatabaseTrait(prepare: prepare)
    }
}
