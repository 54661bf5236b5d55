package import Domain
import Postgres

/// A slug is a `text` in PostgreSQL.
extension Slug: PostgresEncodable, PostgresDecodable {
    package static var postgresType: UInt32 { String.postgresType }

    package func encode(into bytes: inout [UInt8]) { text.encode(into: &bytes) }

    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Slug? {
        String.decode(bytes, type: type).flatMap { Slug($0) }
    }
}

extension [Slug] {
    /// The slugs of a text in which commas separate them, as statements aggregate them. Other texts are left out.
    init(list: String) { self = list.split(separator: ",").compactMap { Slug($0) } }
}
