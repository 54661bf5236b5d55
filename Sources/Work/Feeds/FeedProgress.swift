import Synchronization

/// Puts together how many parts a run has read and how many rows it has stored.
final class FeedProgress: Sendable {
    private let state = Mutex(FeedWork.Progress(done: 0, all: 0, rows: 0))
    private let told: @Sendable (FeedWork.Progress) -> Void

    init(_ told: @escaping @Sendable (FeedWork.Progress) -> Void) { self.told = told }

    func note(_ done: Int, of all: Int) { change { ($0.done, $0.all) = (done, all) } }

    func note(_ tally: FeedPartStore.Tally) {
        change { $0.rows = tally.accepted + tally.duplicate + tally.rejected }
    }

    private func change(_ body: (inout FeedWork.Progress) -> Void) {
        told(
            state.withLock { progress in
                body(&progress)
                return progress
            })
    }
}
