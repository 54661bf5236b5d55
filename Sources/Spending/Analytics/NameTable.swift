import Foundation

/// A dictionary that gives each text a code, counted from 0 in the order of arrival, and that knows how often each
/// spelling of a text came.
///
/// Texts are compared byte by byte. Their hashes are seeded, so nobody can choose names that collide.
struct NameTable: Sendable {
    private var keys = ByteTexts()
    /// Each spelling after the code of its key.
    private var spellings = ByteTexts()
    private var counts: [Int] = []
    /// The spelling of each key that came last: usually it comes again.
    private var recent: [Int] = []
    private var scratch: [UInt8] = []

    /// The bytes of the code in front of a spelling.
    private static let codeSize = MemoryLayout<Int32>.size

    var count: Int { keys.count }

    /// The memory that the table takes, in bytes.
    var size: Int { keys.size + spellings.size + (counts.count + recent.count) * 8 }

    /// The code of a key; one of its spellings is counted.
    mutating func add(_ key: UnsafeRawBufferPointer, spelling: UnsafeRawBufferPointer) -> Int32 {
        let code = keys.code(key)
        if code < recent.count, spellings.equals(recent[code], spelling, after: Self.codeSize) {
            counts[recent[code]] += 1
            return Int32(code)
        }
        scratch.removeAll(keepingCapacity: true)
        withUnsafeBytes(of: Int32(code)) { scratch.append(contentsOf: $0) }
        scratch.append(contentsOf: spelling)
        let place = Self.code(of: scratch, in: &spellings)
        if place == counts.count { counts.append(0) }
        counts[place] += 1
        if code == recent.count { recent.append(place) } else { recent[code] = place }
        return Int32(code)
    }

    private static func code(of text: [UInt8], in texts: inout ByteTexts) -> Int {
        text.withUnsafeBytes { texts.code($0) }
    }

    /// The keys by their codes.
    var texts: [String] { (0..<keys.count).map { keys.text($0) } }

    /// The spelling that came most often for each code; of several, the first in the order of their characters.
    var commonSpellings: [String] {
        var best = [(text: String, count: Int)?](repeating: nil, count: keys.count)
        for place in 0..<spellings.count {
            let code = Int(spellings.prefix(place))
            let text = spellings.text(place, after: Self.codeSize)
            let count = counts[place]
            if let known = best[code], known.count > count || known.count == count && known.text < text { continue }
            best[code] = (text, count)
        }
        return best.map { $0?.text ?? "" }
    }
}

/// Different texts one after the other, found by their bytes in an open-addressing table.
private struct ByteTexts: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    /// Code + 1 in each occupied slot.
    private var slots = [Int32](repeating: 0, count: 64)

    var count: Int { ends.count - 1 }

    var size: Int { bytes.capacity + ends.capacity * 8 + slots.count * 4 }

    func text(_ code: Int, after skipped: Int = 0) -> String {
        String(decoding: bytes[(ends[code] + skipped)..<ends[code + 1]], as: UTF8.self)
    }

    /// The number that the first bytes of a text are.
    func prefix(_ code: Int) -> Int32 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: ends[code], as: Int32.self) }
    }

    /// Whether a text is `other`, its first bytes left aside.
    func equals(_ code: Int, _ other: UnsafeRawBufferPointer, after skipped: Int = 0) -> Bool {
        let start = ends[code] + skipped
        guard ends[code + 1] - start == other.count else { return false }
        guard let address = other.baseAddress, !other.isEmpty else { return true }
        return bytes.withUnsafeBytes { $0.baseAddress.map { memcmp($0 + start, address, other.count) == 0 } ?? false }
    }

    /// The code of a text, which is added when it is new.
    mutating func code(_ text: UnsafeRawBufferPointer) -> Int {
        if (count + 1) * 2 > slots.count { grow() }
        var slot = place(text)
        while slots[slot] != 0 {
            let code = Int(slots[slot]) - 1
            if equals(code, text) { return code }
            slot = (slot + 1) & (slots.count - 1)
        }
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        slots[slot] = Int32(count)
        return count - 1
    }

    private func place(_ text: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: text)
        return hasher.finalize() & (slots.count - 1)
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: slots.count * 2)
        for code in 0..<count {
            var slot = bytes[ends[code]..<ends[code + 1]].withUnsafeBytes { place($0) }
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(code + 1)
        }
    }
}
