/// The text in which a dead letter keeps a record of its file, see `DeadLetter.raw`.
enum RawRecord {
    /// The record's bytes: every `\xHH` becomes the byte it stands for.
    static func bytes(_ text: String) -> [UInt8] {
        let text = Array(text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "\\"), index + 3 < text.count, text[index + 1] == UInt8(ascii: "x"),
                let byte = UInt8(String(decoding: text[(index + 2)...(index + 3)], as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
                index += 4
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return bytes
    }
}
