/// The amount one client may ask for: a token bucket.
///
/// A full bucket holds ``quota`` units, which may be taken at once; an empty one is full again after ``window``.
package struct RateLimit: Hashable, Sendable {
    /// The name in the header `RateLimit-Policy`, in lower-case letters.
    package let name: String
    /// Units in a full bucket, 1 or more.
    package let quota: Int
    /// The time in which an empty bucket fills up.
    package let window: Duration

    package init(name: String, quota: Int, window: Duration = .seconds(60)) {
        precondition(quota >= 1 && window > .zero, "a bucket holds something and is filled")
        self.name = name
        self.quota = quota
        self.window = window
    }

    var windowMicroseconds: Int64 { Int64(window / .microseconds(1)) }

    /// The time in which this number of units fills, in microseconds. More than a full bucket counts as a full one,
    /// because otherwise it could never be taken.
    /// - Parameter units: Zero or more; a part of a unit counts as such.
    func microseconds(of units: Double) -> Int64 {
        Int64(Double(windowMicroseconds) * min(units, Double(quota)) / Double(quota))
    }
}
