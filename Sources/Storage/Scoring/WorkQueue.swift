/// A queue of work that several tasks take items from, each item once, in order.
actor WorkQueue<Item: Sendable> {
    private var items: ArraySlice<Item>

    init(_ items: some Collection<Item>) { self.items = ArraySlice(items) }

    /// The next item; `nil` when all are taken.
    func next() -> Item? { items.popFirst() }
}
