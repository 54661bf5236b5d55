extension SIMD8<Double> {
    /// The value `self * factor + term`, rounded once.
    @inline(__always)
    func times(_ factor: Self, plus term: Self) -> Self { term.addingProduct(self, factor) }
}
