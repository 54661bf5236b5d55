import Logging
import ServiceLifecycle
import UnixSignals
import Web

/// Makes the server read its certificate again at SIGHUP, so that a renewed one needs no restart. Without a certificate
/// SIGHUP ends the process, which is the default.
struct CertificateReloading: Service {
    let certificate: ServerCertificate?
    let logger: Logger

    func run() async throws {
        guard let certificate else {
            try await gracefulShutdown()
            return
        }
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                try certificate.reload()
                logger.info("the certificate was read again")
            } catch {
                logger.error(
                    "the certificate cannot be read again, so the earlier one stays",
                    metadata: ["setting": "\(error.setting.rawValue)", "error": "\(error)"])
            }
        }
    }
}
