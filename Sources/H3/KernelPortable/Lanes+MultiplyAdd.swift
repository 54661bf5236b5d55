extension SIMD8<Double> {
    /// `self * factor + term`, rounded twice: a fused operation is a call per lane where the processor may lack it.
    @inline(__always)
    func times(_ factor: Self, plus term: Self) -> Self { self * factor + term }
}
