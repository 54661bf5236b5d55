/// A zip archive of files that are stored without compression (APPNOTE.TXT 6.3.10).
enum StoredZip {
    static func bytes(_ files: [(name: String, content: [UInt8])], encrypted: Set<String> = []) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in files {
            let offset = archive.count
            let flags = encrypted.contains(name) ? 1 : 0
            // Flags, method, time, date, checksum, both sizes, and the lengths of the name and the extra field.
            let shared = numbers([
                (flags, 2), (0, 2), (0, 2), (0x21, 2), (Int(crc32(content)), 4), (content.count, 4), (content.count, 4),
                (name.utf8.count, 2), (0, 2),
            ])
            archive += numbers([(0x0403_4B50, 4), (20, 2)])
            archive += shared
            archive += Array(name.utf8)
            archive += content
            directory += numbers([(0x0201_4B50, 4), (20, 2), (20, 2)])
            directory += shared
            directory += numbers([(0, 2), (0, 2), (0, 2), (0, 4), (offset, 4)])
            directory += Array(name.utf8)
        }
        let end = numbers([
            (0x0605_4B50, 4), (0, 2), (0, 2), (files.count, 2), (files.count, 2), (directory.count, 4),
            (archive.count, 4), (0, 2),
        ])
        return archive + directory + end
    }

    static func bytes(_ files: [(name: String, text: String)], encrypted: Set<String> = []) -> [UInt8] {
        bytes(files.map { ($0.name, Array($0.text.utf8)) }, encrypted: encrypted)
    }

    /// The numbers in little-endian order, each of so many bytes.
    private static func numbers(_ numbers: [(value: Int, count: Int)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (value, count) in numbers {
            for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
        }
        return bytes
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 {
                let isOdd = sum & 1 == 1
                sum >>= 1
                if isOdd { sum ^= 0xEDB8_8320 }
            }
        }
        return ~sum
    }
}
