import H3

/// Runs `hextant h3 cell` and `hextant h3 call` on any text, and every function of `call` on arguments of any type.
func callLines(_ input: inout FuzzInput) {
    let line = String(decoding: input.text(), as: UTF8.self)
    _ = H3CellLine.answer(line[...])
    // Functions that may return more cells than a run has time for are only called with suitable arguments, below.
    if !unbounded.contains(where: line.contains) { _ = H3Call.answer(line[...]) }
    let names = H3Call.functions.keys.sorted()
    guard let function = H3Call.functions[names[Int(input.byte()) % names.count]] else { return }
    var arguments = H3Arguments((0..<input.byte() % 5).map { _ in input.argument(depth: 3) })
    _ = try? function(&arguments)
}

private let unbounded = ["Disk", "Ring", "Children", "uncompact", "olygonToCells", "PathCells"]

extension FuzzInput {
    /// A JSON value with integers so small that no answer is long.
    fileprivate mutating func argument(depth: Int) -> H3Value {
        switch byte() % 8 {
        case 0: .null
        case 1: .boolean(byte() & 1 == 0)
        case 2, 3: .integer(Int(byte() % 6) - 1)
        case 4: .number(number())
        case 5: .text(["center", "full", "overlapping", "overlapping_bbox", "nan", "inf", "", "0"][Int(byte() % 8)])
        case 6: .text(String(index(), radix: 16))
        default: depth == 0 ? .list([]) : .list((0..<byte() % 5).map { _ in argument(depth: depth - 1) })
        }
    }
}
