/// The text of an SVG without what differs between two equal drawings, and with a title.
///
/// cairo names surfaces by a counter of the whole process. Here they are named in the order in which they appear.
struct SVGText {
    let bytes: [UInt8]

    private static let counted = Array("surface".utf8)

    /// - Parameter title: What screen readers read, and what browsers show beside the pointer.
    init(_ svg: [UInt8], title: String) {
        var made: [UInt8] = []
        made.reserveCapacity(svg.count + 512)
        var names: [ArraySlice<UInt8>: Int] = [:]
        var hasTitle = false
        var index = 0
        while index < svg.count {
            let byte = svg[index]
            // Names stand after a quotation mark or a number sign, and texts have become shapes.
            let isName = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#")
            if isName, svg[(index + 1)...].starts(with: Self.counted) {
                let start = index + 1 + Self.counted.count
                let end = svg[start...].firstIndex { !(0x30...0x39).contains($0) } ?? svg.count
                let number = names[svg[start..<end]] ?? names.count
                names[svg[start..<end]] = number
                made.append(byte)
                made += Self.counted
                made += Array(String(number).utf8)
                index = end
                continue
            }
            made.append(byte)
            index += 1
            // The first tag is `<svg`; what stands before it are declarations.
            if !hasTitle, byte == UInt8(ascii: ">"), Self.isEndOfRoot(made) {
                hasTitle = true
                made += Array("\n<title>\(Self.escaped(title))</title>".utf8)
            }
        }
        bytes = made
    }

    private static func isEndOfRoot(_ text: [UInt8]) -> Bool {
        guard let open = text.lastIndex(of: UInt8(ascii: "<")) else { return false }
        return text[open...].starts(with: Array("<svg".utf8))
    }

    private static func escaped(_ text: String) -> String {
        // XML has no place for control characters.
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
            .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
