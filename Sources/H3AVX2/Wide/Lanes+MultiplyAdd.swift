extension SIMD8<Double> {
    /// `self * factor + term`, rounded once.
    @inline(__always)
    func times(_ factor: Self, plus term: Self) -> Self { term.addingProduct(self, factor) }
}
