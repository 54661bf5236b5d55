import Foundation

/// Whether the processor has AVX2 and fused multiplication.
let hasV3: Bool = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let flags = text.split(separator: "\n").first { $0.hasPrefix("flags") }?.split(separator: " ") ?? []
    return ["avx2", "bmi2", "fma"].allSatisfy { flags.contains($0[...]) }
}()
