/// Why numbers or path segments are not a tile address.
package struct TileAddressError: Error, Equatable, CustomStringConvertible {
    /// The part of the address at fault.
    package enum Field: String, Sendable {
        case z
        case x
        case y
    }

    /// The part of the address at fault.
    package let field: Field

    /// The fault, as a clause that follows the field's name.
    package let reason: String

    package var description: String { "\(field.rawValue) \(reason)" }
}
