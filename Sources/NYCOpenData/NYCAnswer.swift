public import Foundation

/// The rows that a dataset has of a property.
///
/// ```swift
/// let answer = try await client.getHPDViolations(BBL("1007900009"))
/// print(answer.rows.count(where: \.isOpen), "open, as of", answer.retrieved, answer.origin)
/// ```
public struct NYCAnswer<Row: Hashable & Sendable>: Hashable, Sendable {
    /// The rows, the newest first; those without a day at the end.
    public let rows: [Row]
    /// Where they come from.
    public let origin: NYCOrigin
    /// When they came from the site; of several pages, the first that came.
    public let retrieved: Date

    /// Whether the site was down, so that these are rows that came earlier.
    public var isStale: Bool { origin == .stale }
}

extension NYCAnswer: Codable where Row: Codable {}

/// The place that an answer comes from. Later ones in this list are less certain to be the newest.
public enum NYCOrigin: String, Hashable, Sendable, Codable, CaseIterable {
    /// The site.
    case source
    /// A copy that the site said is still right.
    case confirmed
    /// A copy in memory that is young enough.
    case memory
    /// A copy in Redis that is young enough.
    case shared
    /// The last good answer, because the site is down.
    case stale

    private var doubt: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The less certain of two.
    func combined(with other: Self) -> Self { other.doubt > doubt ? other : self }
}
