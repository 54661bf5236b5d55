import Foundation

/// A server's URL without the user's password, for logs.
func redacted(_ address: String) -> String {
    guard var parts = URLComponents(string: address), parts.scheme != nil else { return "(set)" }
    if parts.password != nil { parts.password = "redacted" }
    // A password may also be a parameter of the URL.
    parts.queryItems = parts.queryItems?.map {
        $0.name == "password" ? URLQueryItem(name: $0.name, value: "redacted") : $0
    }
    return parts.string ?? "(set)"
}
