import Foundation
import NIOCore
package import NIOSSL
import Synchronization

/// The certificate of the server, and its key.
///
/// When the files are read again, existing connections keep the certificate they began with.
package final class ServerCertificate: Sendable {
    private let certificate: String
    private let key: String
    private let current: Mutex<NIOSSLContext>

    /// - Parameters:
    ///   - certificate: The path of a PEM file: the server's certificate, then any intermediate ones.
    ///   - key: The path of a PEM file with the key, not encrypted.
    package init(certificate: String, key: String) throws(CertificateFault) {
        self.certificate = certificate
        self.key = key
        current = Mutex(try Self.read(certificate, key))
    }

    /// The TLS context of new connections.
    package var context: NIOSSLContext { current.withLock(\.self) }

    /// Reads the files again. If it throws, the earlier certificate stays.
    package func reload() throws(CertificateFault) {
        let context = try Self.read(certificate, key)
        current.withLock { $0 = context }
    }

    private static func read(_ certificate: String, _ key: String) throws(CertificateFault) -> NIOSSLContext {
        let chain = try bytes(.certificate, certificate)
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(chain), !certificates.isEmpty else {
            throw CertificateFault(part: .certificate, file: certificate, reason: "it contains no certificate in PEM")
        }
        let secret = try bytes(.key, key)
        guard let privateKey = try? NIOSSLPrivateKey(bytes: secret, format: .pem) else {
            throw CertificateFault(
                part: .key, file: key, reason: "it contains no private key in PEM, or an encrypted one")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        // How long to wait until the client acknowledges the end.
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
