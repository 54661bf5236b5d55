/// The encodings that a client accepts (RFC 9110, 12.5.3).
package enum AcceptEncoding {
    /// Whether to send gzip: the client accepts it and does not prefer plain content.
    package static func prefersGzip(_ header: String?) -> Bool {
        guard let header else { return false }
        var gzip: Double?
        var identity: Double?
        var others: Double?
        for entry in QualityList.entries(header) {
            switch entry.value {
            case "gzip", "x-gzip": gzip = entry.quality
            case "identity": identity = entry.quality
            case "*": others = entry.quality
            default: continue
            }
        }
        guard let quality = gzip ?? others, quality > 0 else { return false }
        return quality >= identity ?? 0
    }
}
