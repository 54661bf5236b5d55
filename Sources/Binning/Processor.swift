#if canImport(Glibc)
import Glibc
#endif

/// The abilities of the processor that this process runs on.
enum Processor {
    /// Whether the processor has everything of x86-64-v3, by the flags that Linux lists; false on other systems.
    ///
    /// Linux lists only what it has enabled, so that wide registers are saved too.
    static let isV3: Bool = {
        #if arch(x86_64) && canImport(Glibc)
        guard let file = fopen("/proc/cpuinfo", "r") else { return false }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        defer { free(line) }
        var room = 0
        while getline(&line, &room, file) > 0, let line {
            let text = String(cString: line)
            if text.hasPrefix("flags") { return required.isSubset(of: text.split { $0.isWhitespace }) }
        }
        #endif
        return false
    }()

    private static let required: Set<Substring> = ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]
}
