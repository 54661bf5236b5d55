/// The languages of filters.
enum FilterLanguage: String, CaseIterable, Sendable {
    /// CQL2 text (OGC 21-065r2).
    case cql2Text = "cql2-text"
    /// The draft before CQL2 as GDAL writes it: a day or an instant is a text in quotes, a truth value is 1 or 0, a
    /// backslash in a pattern is itself, and there is ILIKE.
    case cqlText = "cql-text"
}
