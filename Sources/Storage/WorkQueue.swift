/// Work that several tasks take from, each piece once, in order.
actor WorkQueue<Item: Sendable> {
    private var items: ArraySlice<Item>

    init(_ items: some Collection<Item>) { self.items = ArraySlice(items) }

    /// `nil` when all is taken.
    func next() -> Item? { items.popFirst() }
}
