import Foundation
import NIOCore
import NIOSSL
import Synchronization

/// The certificate that the server shows to whoever connects, and its key.
///
/// A connection goes on with what it began with when the files are read again.
package final class ServerCertificate: Sendable {
    private let certificate: String
    private let key: String
    private let current: Mutex<NIOSSLContext>

    /// - Parameters:
    ///   - certificate: Path of a PEM file: the server's certificate, then those between it and one that clients know.
    ///   - key: Path of a PEM file with its key, not encrypted.
    package init(certificate: String, key: String) throws(CertificateFault) {
        self.certificate = certificate
        self.key = key
        current = Mutex(try Self.read(certificate, key))
    }

    /// What a new connection is encrypted with.
    var context: NIOSSLContext { current.withLock(\.self) }

    /// Reads the files again. What was there before stays when it throws.
    package func reload() throws(CertificateFault) {
        let context = try Self.read(certificate, key)
        current.withLock { $0 = context }
    }

    private static func read(_ certificate: String, _ key: String) throws(CertificateFault) -> NIOSSLContext {
        let chain = try bytes(.certificate, certificate)
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(chain), !certificates.isEmpty else {
            throw CertificateFault(part: .certificate, file: certificate, reason: "it holds no certificate in PEM")
        }
        let secret = try bytes(.key, key)
        guard let privateKey = try? NIOSSLPrivateKey(bytes: secret, format: .pem) else {
            throw CertificateFault(part: .key, file: key, reason: "it holds no private key in PEM, or an encrypted one")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        // For the client's word that it has heard the end.
        configuration.shutdownTimeout = .milliseconds(300)
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw CertificateFault(
                part: .key, file: key, reason: "it is not the key of the certificate in \(certificate)")
        }
    }

    private static func bytes(_ part: CertificateFault.Part, _ file: String) throws(CertificateFault) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: file)))
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
            throw CertificateFault(part: part, file: file, reason: "it cannot be read: \(cause.localizedDescription)")
        }
    }
}
