/// A condition on the properties of features. Properties have been checked to be there and of the type of what they are
/// compared with.
package indirect enum FeatureFilter: Hashable, Sendable {
    package enum Comparison: String, Hashable, Sendable {
        case equal = "="
        case unequal = "<>"
        case less = "<"
        case greater = ">"
        case atMost = "<="
        case atLeast = ">="
    }

    package enum Value: Hashable, Sendable {
        case text(String)
        case number(Double)
        case truth(Bool)
        case day(LocalDay)
        /// Microseconds since 1970 UTC.
        case instant(Int64)
    }

    package enum Shape: Hashable, Sendable {
        case point(PolygonArea.Position)
        case area(PolygonArea)
    }

    case constant(Bool)
    case and([FeatureFilter])
    case or([FeatureFilter])
    case not(FeatureFilter)
    case compare(String, Comparison, Value)
    /// `%` stands for any text, `_` for any character, a backslash takes the meaning of the next one.
    case like(String, pattern: String)
    /// Both ends included.
    case between(String, Value, Value)
    case among(String, [Value])
    case isNull(String)
    /// Whether the feature has a point in common with the shape.
    case intersects(Shape)
}
