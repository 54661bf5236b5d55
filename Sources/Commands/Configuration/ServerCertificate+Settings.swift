import Web

extension ServerCertificate {
    /// Loads the certificate that the settings name; `nil` where they name none.
    convenience init?(_ settings: Settings, certificate: String?, key: String?) throws {
        let certificate = settings.text(.tlsCertificate, flag: certificate)
        let key = settings.text(.tlsKey, flag: key)
        switch (certificate, key) {
        case (nil, nil): return nil
        case (nil, _?): throw ConfigurationError("tls_key is set but tls_certificate is not: set both or neither")
        case (_?, nil):
            throw ConfigurationError(
                "tls_certificate is set but tls_key is not: set it to the file with the certificate's key")
        case (let certificate?, let key?):
            do {
                try self.init(certificate: certificate, key: key)
            } catch {
                throw ConfigurationError("\(error.setting.rawValue) is \"\(error.file)\": \(error.reason)")
            }
        }
    }
}

extension CertificateFault {
    var setting: Setting {
        switch part {
        case .certificate: .tlsCertificate
        case .key: .tlsKey
        }
    }
}
