/// The number of rows that a source says a part has, which its version ends in.
struct AnnouncedRows {
    /// 0 where the version does not tell.
    let count: Int

    init(count: Int) {
        self.count = max(0, min(count, 1 << 40))
    }

    init(_ part: FeedPart) {
        self.init(count: part.version.split(separator: " ").last.flatMap { Int($0) } ?? 0)
    }

    /// - Throws: ``SourceError`` when far more rows have come: twice as many and some more, since rows that change
    ///   while they are read come again.
    func refuseMore(than read: Int, url: String) throws(SourceError) {
        guard read > count * 2 + 20_000 else { return }
        throw SourceError(.shape, url: url, "far more rows come than the source has: its pages go in circles")
    }

    /// - Throws: ``SourceError`` when fewer have come, although the pages have ended.
    func refuseFewer(than read: Int, url: String) throws(SourceError) {
        guard read < count else { return }
        throw SourceError(.changed, url: url, "the pages ended after \(read) of \(count) rows")
    }
}
