/// Polynomials in the square of an angle of at most 90 degrees, for sine and cosine of half of it. The first number is
/// the coefficient of the highest power (Chebyshev interpolation; error below 1e-16).
enum HalfAngleSeries {
    /// The coefficients of the sine divided by the angle.
    static let sine = (
        2.705634772897294e-37, -5.599396886504265e-31, 8.088411207992193e-25, -7.647175668275056e-19,
        4.2175050723786073e-13, -1.1076201946266191e-07, 0.008726646259971648
    )

    static let cosine = (
        4.024178685183639e-34, -7.0579377052880525e-28, 8.341771676059224e-22, -6.134112469371767e-16,
        2.416452407215599e-10, -3.8077177473338e-05, 1.0
    )
}
