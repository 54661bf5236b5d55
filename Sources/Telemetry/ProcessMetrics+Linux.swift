#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension ProcessMetrics {
    /// The state of this process; nil where there is no `/proc`.
    static func current() -> ProcessMetrics? {
        #if os(Linux)
        guard let stat = contents(of: "/proc/self/stat"), let systemStat = contents(of: "/proc/stat"),
            let descriptors = entries(of: "/proc/self/fd")
        else { return nil }
        return ProcessMetrics(
            stat: stat, systemStat: systemStat,
            // Reading the folder opened one descriptor.
            openDescriptors: descriptors - 1,
            ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))), pageSize: Int64(sysconf(Int32(_SC_PAGESIZE))))
        #else
        return nil
        #endif
    }

    #if os(Linux)
    private static func contents(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        let chunk = 16384
        while true {
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: chunk))
            let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + start, chunk) }
            guard count >= 0 else { return nil }
            bytes.removeLast(chunk - count)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        }
    }

    private static func entries(of path: String) -> Int64? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var count: Int64 = 0
        while let entry = readdir(folder) {
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        return count
    }
    #endif
}
