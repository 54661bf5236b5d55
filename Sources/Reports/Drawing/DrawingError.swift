/// A report could not be drawn: a fault of the libraries or of the fonts, since everything that is drawn was checked.
package struct DrawingError: Error, CustomStringConvertible {
    package let description: String
}
