import HTTPTypes
import Hummingbird
import Web

extension QueryParameters {
    /// Reads the idempotency key of a request, with which a client can send it again without doing its work twice;
    /// `nil` when there is none or it is invalid. A fault is collected.
    mutating func idempotencyKey(of request: Request) -> String? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            reject("Idempotency-Key", "must be 1 to 255 visible ASCII characters")
            return nil
        }
        return key
    }
}

extension HTTPField.Name {
    fileprivate static let idempotencyKey = Self("Idempotency-Key")!
}
