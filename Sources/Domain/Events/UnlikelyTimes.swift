/// Records whose year is hardly right, such as 1015 or 2921.
package struct UnlikelyTimes: Sendable, Equatable {
    /// How many records there are.
    package private(set) var count = 0
    /// The line on which the first of them begins, counted from 1.
    package private(set) var firstLine: Int64 = 0
    /// The first one's column and value.
    package private(set) var firstValue = ""
    /// The local day that the first one was read as.
    package private(set) var firstDay: LocalDay?

    package init() {}

    /// Adds a record; its value and day are asked for only if it is the first.
    package mutating func add(line: Int64, _ first: () -> (value: String, day: LocalDay)) {
        if count == 0 {
            let (value, day) = first()
            (firstLine, firstValue, firstDay) = (line, value, day)
        }
        count += 1
    }

    /// Adds those that come later in the file.
    package mutating func add(_ later: UnlikelyTimes) {
        let sum = count + later.count
        if count == 0 { self = later }
        count = sum
    }
}
