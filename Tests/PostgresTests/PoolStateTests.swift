import TestSupport
import Testing

@testable import Postgres

/// The connections of these pools are names, their waiters numbers.
struct PoolStateTests {
    private typealias State = PoolState<String, Int>

    /// A pool whose connections are all on loan.
    private static func lent(_ count: Int, maxWaiters: Int = 10) -> State {
        var state = State(capacity: count, maxWaiters: maxWaiters)
        for _ in 0..<count { _ = state.lease() }
        return state
    }

    @Test func connectionsAreOpenedUpToTheCapacityThenCallersWaitThenAreRefused() {
        var state = State(capacity: 2, maxWaiters: 1)
        #expect(state.lease() == .connect)
        #expect(state.lease() == .connect)
        #expect(state.leased == 2)
        #expect(state.lease() == .wait)
        state.enqueue(7, id: 1)
        #expect(state.waiting == 1)
        #expect(state.lease() == .refuse)
        #expect(state.leased == 2)
    }

    @Test func aPoolWithoutAQueueRefusesAtOnce() {
        var state = Self.lent(1, maxWaiters: 0)
        #expect(state.lease() == .refuse)
    }

    /// The other ones stay idle for so long that the server may close them.
    @Test func theConnectionThatCameBackLastIsLentFirst() {
        var state = Self.lent(2)
        #expect(state.release("a") == .none)
        #expect(state.release("b") == .none)
        #expect(state.leased == 0)
        #expect(state.lease() == .use("b"))
        #expect(state.lease() == .use("a"))
        #expect(state.leased == 2)
        #expect(state.lease() == .wait)
    }

    @Test func whoeverWaitsLongestGetsTheNextConnection() {
        var state = Self.lent(1)
        state.enqueue(7, id: 1)
        state.enqueue(8, id: 2)
        #expect(state.release("a") == .hand("a", to: 7))
        #expect(state.release("a") == .hand("a", to: 8))
        #expect(state.leased == 1)
        #expect(state.release("a") == .none)
        #expect(state.leased == 0)
    }

    @Test func aConnectionThatIsGoneIsOpenedAgainForWhoeverWaits() {
        var state = Self.lent(1)
        state.enqueue(7, id: 1)
        #expect(state.release(nil) == .connect(for: 7))
        // The lease is now that of the waiter, whose connection may fail, too.
        #expect(state.leased == 1)
        #expect(state.release(nil) == .none)
        #expect(state.leased == 0)
        #expect(state.lease() == .connect)
    }

    @Test func whoeverGaveUpIsPassedOver() {
        var state = Self.lent(1)
        for id in 1...3 { state.enqueue(10 * id, id: id) }
        #expect(state.leave(id: 2) == 20)
        #expect(state.waiting == 2)
        #expect(state.leave(id: 2) == nil)
        #expect(state.release("a") == .hand("a", to: 10))
        #expect(state.leave(id: 1) == nil)
        #expect(state.release("a") == .hand("a", to: 30))
    }

    @Test func aClosedPoolLendsNothingAndClosesWhatComesBack() {
        var state = Self.lent(3)
        _ = state.release("a")
        _ = state.lease()
        _ = state.release("b")
        state.enqueue(7, id: 1)
        state.enqueue(8, id: 2)
        let (idle, waiters) = state.close()
        #expect(idle == ["b"])
        #expect(waiters == [7, 8])
        #expect(state.isClosed)
        #expect(state.lease() == .closed)
        #expect(state.leave(id: 1) == nil)
        #expect(state.waiting == 0)
        #expect(state.release("c") == .close("c"))
        #expect(state.release(nil) == .none)
        #expect(state.leased == 0)
        let (none, nobody) = state.close()
        #expect(none.isEmpty)
        #expect(nobody.isEmpty)
    }

    /// More leases than connections would overload the server, a lease that is lost would take one away for ever.
    @Test func thereAreNeverMoreLeasesThanTheCapacityAndNoneIsLost() {
        var state = State(capacity: 3, maxWaiters: 4)
        var random = SplitMix(state: 8)
        var holders = 0
        for step in 0..<5000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...4:
                switch state.lease() {
                case .use, .connect: holders += 1
                case .wait: state.enqueue(step, id: step)
                case .refuse: #expect(state.waiting == 4)
                case .closed: Issue.record("the pool is open")
                }
            case 5...8 where holders > 0:
                // Half of the connections come back broken.
                switch state.release(Bool.random(using: &random) ? "c" : nil) {
                case .hand, .connect: break
                case .close: Issue.record("the pool is open")
                case .none: holders -= 1
                }
            default: _ = state.leave(id: step - Int.random(in: 1...9, using: &random))
            }
            #expect(state.leased == holders)
            #expect(state.leased <= 3)
            #expect(state.waiting == 0 || state.leased == 3)
        }
    }
}

// Decisions are equal when they are written alike, such as `hand("a", to: 7)`.
extension PoolState.Lease: Equatable {
    static func == (one: Self, other: Self) -> Bool { "\(one)" == "\(other)" }
}

extension PoolState.Release: Equatable {
    static func == (one: Self, other: Self) -> Bool { "\(one)" == "\(other)" }
}
