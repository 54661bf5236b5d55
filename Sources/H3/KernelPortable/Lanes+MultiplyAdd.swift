extension SIMD8<Double> {
    /// The value `self * factor + term`, rounded twice. A fused operation would be a call per lane on a processor
    /// without it.
    @inline(__always)
    func times(_ factor: Self, plus term: Self) -> Self { self * factor + term }
}
