/// A zip archive of files that are stored without compression (APPNOTE.TXT 6.3.10).
enum StoredZip {
    static func bytes(_ files: [(name: String, content: [UInt8])], encrypted: Set<String> = []) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in files {
            let offset = archive.count
            let flags = encrypted.contains(name) ? 1 : 0
            // Flags, method, time, date, checksum, both sizes, and the lengths of the name and the extra field.
            let shared =
                number(flags, 2) + number(0, 2) + number(0, 2) + number(0x21, 2) + number(Int(crc32(content)), 4)
                + number(content.count, 4) + number(content.count, 4) + number(name.utf8.count, 2) + number(0, 2)
            archive += number(0x0403_4B50, 4) + number(20, 2) + shared + Array(name.utf8) + content
            directory += number(0x0201_4B50, 4) + number(20, 2) + number(20, 2) + shared
            directory +=
                number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(offset, 4) + Array(name.utf8)
        }
        let end = number(0x0605_4B50, 4) + number(0, 2) + number(0, 2) + number(files.count, 2) + number(files.count, 2)
        return archive + directory + end + number(directory.count, 4) + number(archive.count, 4) + number(0, 2)
    }

    static func bytes(_ files: [(name: String, text: String)], encrypted: Set<String> = []) -> [UInt8] {
        bytes(files.map { ($0.name, Array($0.text.utf8)) }, encrypted: encrypted)
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
    }
}
