import Domain
import Synchronization
import TestDomain
import Tiles

/// Datasets and caches that record the operations on them.
final class MemoryOperations: DatasetAdministration, TileCaches {
    struct State {
        var put: [Dataset] = []
        var deleted: [Slug] = []
        var forgotten: [TileSelection] = []
        var refusal: DatasetRefusal?
    }

    private let state = Mutex(State())

    var now: State { state.withLock { $0 } }

    func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func put(_ dataset: Dataset) async throws -> Bool {
        try state.withLock { state in
            if let refusal = state.refusal { throw refusal }
            state.put.append(dataset)
            return dataset.slug != "toronto"
        }
    }

    func delete(_ slug: Slug) async throws -> DeletedDataset {
        try state.withLock { state in
            if let refusal = state.refusal { throw refusal }
            state.deleted.append(slug)
            return DeletedDataset(events: 12, batches: 3)
        }
    }

    func forget(_ selection: TileSelection) async throws -> Int? {
        state.withLock { state in
            state.forgotten.append(selection)
            return 5
        }
    }

    func clear() async throws -> (tiles: Int, answers: Int)? {
        state.withLock { $0.forgotten.append(TileSelection()) }
        return (5, 2)
    }
}
