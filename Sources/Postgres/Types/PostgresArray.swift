/// A one-dimensional array parameter without NULLs.
package struct PostgresArray<Element: PostgresEncodable>: PostgresEncodable {
    package var elements: [Element]

    package init(_ elements: [Element]) { self.elements = elements }

    /// OIDs of the array types, from `pg_type.typarray`.
    package static var postgresType: UInt32 {
        switch Element.postgresType {
        case 16: 1000
        case 17: 1001
        case 20: 1016
        case 21: 1005
        case 23: 1007
        case 25: 1009
        case 701: 1022
        case 1082: 1182
        case 1184: 1185
        default: preconditionFailure("no array type is known for OID \(Element.postgresType)")
        }
    }

    package func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: Int32(elements.isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(0))
        bytes.append(bigEndian: Element.postgresType)
        guard !elements.isEmpty else { return }
        bytes.append(bigEndian: Int32(elements.count))
        bytes.append(bigEndian: Int32(1))
        for element in elements {
            bytes.appendField(element)
        }
    }
}
