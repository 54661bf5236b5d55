/// The side of a line on which a point lies, exactly.
///
/// The usual formula is off where its result is about the size of its rounding errors; then the products are summed
/// without any. Source: J. R. Shewchuk, "Adaptive precision floating-point arithmetic and fast robust geometric
/// predicates", Discrete & Computational Geometry 18 (1997).
enum Orientation {
    /// The error of the usual formula is below this share of the sum of its products: (3 + 16 e) e with e = 2^-53.
    private static let errorShare = (3 + 16 * 0x1p-53) * 0x1p-53

    /// A number above 0 where `point` is left of the line from `from` to `to`, below 0 on its right, and 0 on it.
    /// Coordinates are finite, and their products neither overflow nor underflow.
    @inline(__always)
    static func side(_ from: Position, _ to: Position, _ point: Position) -> Double {
        let left = (from.x - point.x) * (to.y - point.y)
        let right = (from.y - point.y) * (to.x - point.x)
        let difference = left - right
        if abs(difference) > errorShare * (abs(left) + abs(right)) { return difference }
        return exactSide(from, to, point)
    }

    /// The sign of the determinant of the three points, from products without differences: each is exact as a sum of
    /// two numbers.
    @inline(never)
    private static func exactSide(_ a: Position, _ b: Position, _ c: Position) -> Double {
        var sum: [Double] = []
        for (one, other) in [(a.x, b.y), (-a.y, b.x), (b.x, c.y), (-b.y, c.x), (c.x, a.y), (-c.y, a.x)] {
            let product = one * other
            // The error of the product: fused, so with a single rounding, which here loses nothing.
            add((-product).addingProduct(one, other), to: &sum)
            add(product, to: &sum)
        }
        // The largest component has the sign of the sum.
        return sum.last { $0 != 0 } ?? 0
    }

    /// Adds a number to an expansion: numbers that do not overlap, from the smallest to the largest.
    private static func add(_ number: Double, to expansion: inout [Double]) {
        var rest = number
        for index in expansion.indices {
            let sum = rest + expansion[index]
            let virtual = sum - rest
            expansion[index] = (rest - (sum - virtual)) + (expansion[index] - virtual)
            rest = sum
        }
        expansion.append(rest)
    }
}
