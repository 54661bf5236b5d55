import Foundation

/// The logarithm of the gamma function of x > 0, to 14 digits.
///
/// Stirling's series (Abramowitz and Stegun 6.1.41) after shifting x to 10 or more. The C library's `lgamma` writes a
/// global variable, and on Linux and macOS it has two signatures.
func logGamma(_ x: Double) -> Double {
    var shifted = x
    var product = 1.0
    while shifted < 10 {
        product *= shifted
        shifted += 1
    }
    let inverse = 1 / shifted
    let square = inverse * inverse
    let series =
        inverse
        * (1.0 / 12 - square
            * (1.0 / 360 - square
                * (1.0 / 1260 - square * (1.0 / 1680 - square * (1.0 / 1188 - square * (691.0 / 360_360))))))
    return (shifted - 0.5) * log(shifted) - shifted + 0.5 * log(2 * Double.pi) + series - log(product)
}
