import Foundation

/// The bytes of a file, read at any place.
final class SourceBytes {
    let path: String
    /// The name for messages: the path, or that of the archive and its member.
    let name: String
    let byteCount: Int64
    private let handle: FileHandle
    private var window: [UInt8] = []
    private var windowStart: Int64 = 0
    private static let windowBytes = 1 << 18

    init(path: String, name: String? = nil) throws(AreaError) {
        let name = name ?? path
        guard let handle = FileHandle(forReadingAtPath: path) else {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw AreaError(
                .file, file: name,
                isThere ? "cannot be opened for reading; check its permissions" : "there is no such file")
        }
        var status = stat()
        guard fstat(handle.fileDescriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw AreaError(.file, file: name, "is not a regular file")
        }
        self.path = path
        self.name = name
        self.handle = handle
        byteCount = Int64(status.st_size)
    }

    /// The bytes at an offset; fewer than `count` only where the file ends. What lies near is read along with them.
    func bytes(at offset: Int64, count: Int) throws(AreaError) -> ArraySlice<UInt8> {
        if offset < windowStart || offset + Int64(count) > windowStart + Int64(window.count) {
            window = try read(at: offset, count: max(count, Self.windowBytes))
            windowStart = offset
        }
        let start = Int(offset - windowStart)
        guard start < window.count else { return [] }
        return window[start..<min(window.count, start + count)]
    }

    /// Reads bytes past the window.
    func read(at offset: Int64, count: Int) throws(AreaError) -> [UInt8] {
        let count = Int(max(0, min(Int64(count), byteCount - offset)))
        var problem: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let got = pread(
                    handle.fileDescriptor, buffer.baseAddress! + initialized, count - initialized,
                    off_t(offset) + off_t(initialized))
                if got < 0, errno == EINTR { continue }
                if got < 0 { problem = errno }
                guard got > 0 else { return }
                initialized += got
            }
        }
        guard problem == 0 else {
            throw AreaError(.file, file: name, "cannot be read: \(String(cString: strerror(problem)))")
        }
        return bytes
    }
}

/// Numbers at the front of some bytes, taken one after the other.
struct ByteCursor {
    private let bytes: ArraySlice<UInt8>
    private var index: Int
    var isLittleEndian = true

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    var left: Int { bytes.endIndex - index }

    mutating func skip(_ count: Int) throws(Fault) {
        guard count >= 0, count <= left else { throw Self.short }
        index += count
    }

    mutating func byte() throws(Fault) -> UInt8 {
        guard left > 0 else { throw Self.short }
        index += 1
        return bytes[index - 1]
    }

    mutating func int32() throws(Fault) -> Int32 { Int32(bitPattern: try number(UInt32.self)) }
    mutating func uint32() throws(Fault) -> UInt32 { try number(UInt32.self) }
    mutating func double() throws(Fault) -> Double { Double(bitPattern: try number(UInt64.self)) }

    /// Takes positions of `width` numbers each, of which the first two are kept.
    mutating func positions(_ count: Int, width: Int = 2) throws(Fault) -> [Position] {
        guard count >= 0, count <= left / (8 * width) else { throw Self.short }
        var result: [Position] = []
        result.reserveCapacity(count)
        let isLittleEndian = isLittleEndian
        bytes[index...].withUnsafeBytes { raw in
            func number(_ place: Int) -> Double {
                let bits = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                return Double(bitPattern: isLittleEndian ? UInt64(littleEndian: bits) : UInt64(bigEndian: bits))
            }
            for position in 0..<count {
                result.append(Position(number(8 * width * position), number(8 * width * position + 8)))
            }
        }
        index += 8 * width * count
        guard result.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else {
            throw Fault("has a coordinate that is not a number")
        }
        return result
    }

    private mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(Fault) -> Number {
        let size = MemoryLayout<Number>.size
        guard left >= size else { throw Self.short }
        let bits = bytes[index...].withUnsafeBytes { $0.loadUnaligned(as: Number.self) }
        index += size
        return isLittleEndian ? Number(littleEndian: bits) : Number(bigEndian: bits)
    }

    private static let short = Fault("its geometry ends too early")
}
