/// Why a record became a dead letter.
///
/// The raw values are stable: they are stored, counted and documented.
package enum RejectionReason: String, Sendable, CaseIterable {
    /// Every field of the record is blank.
    case emptyRow = "empty_row"
    /// The record has more or fewer fields than the header.
    case wrongColumnCount = "wrong_column_count"
    /// A quote opens on the line and no other quote closes it before other records begin.
    case unterminatedQuote = "unterminated_quote"
    /// Text follows the quote that closes a field.
    case textAfterQuote = "text_after_quote"
    /// The record is longer than 1 MiB.
    case recordTooLong = "record_too_long"
    /// A field that the mapping uses is not UTF-8.
    case badUTF8 = "bad_utf8"
    /// A field that the mapping uses holds a NUL byte.
    case nulByte = "nul_byte"
    /// A field is blank that an event needs.
    case missingValue = "missing_value"
    /// A type or an id is longer than the database can index.
    case valueTooLong = "value_too_long"
    /// The mapping's lookup does not list the type.
    case unknownEventType = "unknown_event_type"
    /// The time is not written in any of the mapping's patterns.
    case badTimestamp = "bad_timestamp"
    /// The time is well written but there is no such day, hour, minute or second.
    case impossibleDate = "impossible_date"
    /// A coordinate or an hour is not a number.
    case badNumber = "bad_number"
    /// The text of a column with both coordinates is no point.
    case badPlace = "bad_place"
    /// The geometry of a GeoJSON feature is not a point.
    case notAPoint = "not_a_point"
    /// The longitude is outside -180...180 or the latitude outside -90...90.
    case outOfRange = "out_of_range"
    /// Longitude and latitude are both 0, which sources write for "unknown".
    case nullIsland = "null_island"
    /// The point is outside the mapping's bounds.
    case outOfBounds = "out_of_bounds"
    /// The coordinates are outside their reference system.
    case notProjectable = "not_projectable"
    /// The file of places, or the area layer, does not list the name or code.
    case unknownPlace = "unknown_place"
    /// The local year is not one that the mapping believes.
    case yearOutOfWindow = "year_out_of_window"
    /// The number of events that the record stands for is not a whole number up to 10,000.
    case badCount = "bad_count"
    /// The amount of money cannot be read exactly, or is too large.
    case badAmount = "bad_amount"
    /// A value is of another type than the mapping or feed expects.
    case unexpectedType = "unexpected_type"
    /// A value is outside the range, or not one of the values, that the mapping or feed expects.
    case unexpectedValue = "unexpected_value"
    /// The source keeps the number of events secret that the record stands for.
    case suppressedCount = "suppressed_count"
    /// The record or its attributes are not a JSON object, or one that PostgreSQL cannot store.
    case badJSON = "bad_json"
    /// The file ends within the record, or before the array of records is closed.
    case truncated = "truncated"
}
