/// Why a certificate or its key cannot be used.
package struct CertificateFault: Error, CustomStringConvertible {
    package enum Part: Sendable {
        case certificate
        case key
    }

    /// Which of the two files is at fault.
    package let part: Part
    package let file: String
    package let reason: String

    package var description: String { "\(file): \(reason)" }
}
