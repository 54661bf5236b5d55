/// A condition on the properties of features. The properties are known to exist and to have the type of the value they
/// are compared with.
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
        case instant(Instant)
    }

    package enum Shape: Hashable, Sendable {
        case point(DrawnPolygon.Position)
        case polygon(DrawnPolygon)
    }

    case constant(Bool)
    case and([FeatureFilter])
    case or([FeatureFilter])
    case not(FeatureFilter)
    case compare(String, Comparison, Value)
    /// A pattern: `%` stands for any text, `_` for any character, and a backslash makes the next character literal.
    case like(String, pattern: String)
    /// A pattern as in ``like(_:pattern:)``, without regard to case.
    case alike(String, pattern: String)
    /// A range including both ends.
    case between(String, Value, Value)
    case among(String, [Value])
    case isNull(String)
    /// Whether the feature and the shape have a point in common.
    case intersects(Shape)
    /// Whether an event belongs to an area: to the first of its layer that it is in.
    case belongs(toArea: Int32, ofLayer: Int32)
    /// Whether the attributes of an event contain those of a JSON object, which is given as text.
    case attributes(String)
}
