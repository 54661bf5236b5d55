import Foundation
import Testing

@testable import Feeds

/// The archives were written by Python 3.11's gzip and zipfile modules.
@Suite struct CompressionTests {
    private static let gzipOfTwoMembersAndZeros = """
        H4sIAAAAAAACAyXGQQ6AIAwEwLtv6cH4IVLDqjVQiF1M/L0H5jR44Uz8OgSzVhHU2qU0P40jQ4pyRsnH9kFEuqP5wgsHZVt/terw8EYAAAAfiwgAAAAAAAIDMzLU\
        NTDWNTAJMTC1MjCzMjCP0tE1t9Qz0TEx1jPXqa7lAgB6EWtgIQAAAAAAAAAAAAAAAA==
        """
    private static let zipWithFolderAndHiddenFile = """
        UEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAACAAAAYS9QSwMEFAAAAAAAAAAhAIMW3IwBAAAAAQAAABUAAABfX01BQ09TWC8uX2V2ZW50cy5jc3Z4UEsDBBQAAAAI\
        AAAAIQCSbPN6WwAAAGcAAAAKAAAAZXZlbnRzLmNzdiXGQQ5AMBAF0L2zTGVQGs5hZSMVgwol+klE3N3CWz25xKPFvQvJX7dKgF13WjY/Opy90GLxxwKH605IaOew\
        +QiTDKCU00RxpljXnFdcVGwaUqaMNeksNvS80QdQSwECFAMUAAAAAAAAACEAAAAAAAAAAAAAAAAAAgAAAAAAAAAAAAAAgAEAAAAAYS9QSwECFAMUAAAAAAAAACEA\
        gxbcjAEAAAABAAAAFQAAAAAAAAAAAAAAgAEgAAAAX19NQUNPU1gvLl9ldmVudHMuY3N2UEsBAhQDFAAAAAgAAAAhAJJs83pbAAAAZwAAAAoAAAAAAAAAAAAAAIAB\
        VAAAAGV2ZW50cy5jc3ZQSwUGAAAAAAMAAwCrAAAA1wAAAAAA
        """
    private static let zipStored = """
        UEsDBBQAAAAAAAAAIQCSbPN6ZwAAAGcAAAAKAAAAZXZlbnRzLmNzdmV2ZW50X3R5cGUsZXZlbnRfdGltZXN0YW1wLGxvbmdpdHVkZSxsYXRpdHVkZSxhdHRyaWJ1\
        dGVzX2pzb24KdGhlZnQsMjAyMS0wMy0wNFQwNTowNjowN1osLTc5LjQsNDMuNyx7fQpQSwECFAMUAAAAAAAAACEAkmzzemcAAABnAAAACgAAAAAAAAAAAAAAgAEA\
        AAAAZXZlbnRzLmNzdlBLBQYAAAAAAQABADgAAACPAAAAAAA=
        """
    /// Written to a pipe: 64-bit sizes that follow the data.
    private static let zipStreamed = """
        UEsDBC0ACAAAAAAAIQAAAAAA//////////8KABQAZXZlbnRzLmNzdgEAEAAAAAAAAAAAAAAAAAAAAAAAZXZlbnRfdHlwZSxldmVudF90aW1lc3RhbXAsbG9uZ2l0\
        dWRlLGxhdGl0dWRlLGF0dHJpYnV0ZXNfanNvbgp0aGVmdCwyMDIxLTAzLTA0VDA1OjA2OjA3WiwtNzkuNCw0My43LHt9ClBLBwiSbPN6ZwAAAAAAAABnAAAAAAAA\
        AFBLAQItAy0ACAAAAAAAIQCSbPN6ZwAAAGcAAAAKAAAAAAAAAAAAAACAAQAAAABldmVudHMuY3N2UEsFBgAAAAABAAEAOAAAALsAAAAAAA==
        """
    private static let zipOfTwo = """
        UEsDBBQAAAAIAAAAIQCSbPN6WwAAAGcAAAAFAAAAYS5jc3YlxkEOQDAQBdC9s0xlUBrOYWUjFYMKJfpJRNzdwls9ucSjxb0LyV+3SoBdd1o2PzqcvdBi8ccCh+tO\
        SGjnsPkIkwyglNNEcaZY15xXXFRsGlKmjDXpLDb0vNEHUEsDBBQAAAAIAAAAIQCSbPN6WwAAAGcAAAAFAAAAYi5jc3YlxkEOQDAQBdC9s0xlUBrOYWUjFYMKJfpJ\
        RNzdwls9ucSjxb0LyV+3SoBdd1o2PzqcvdBi8ccCh+tOSGjnsPkIkwyglNNEcaZY15xXXFRsGlKmjDXpLDb0vNEHUEsBAhQDFAAAAAgAAAAhAJJs83pbAAAAZwAA\
        AAUAAAAAAAAAAAAAAIABAAAAAGEuY3N2UEsBAhQDFAAAAAgAAAAhAJJs83pbAAAAZwAAAAUAAAAAAAAAAAAAAIABfgAAAGIuY3N2UEsFBgAAAAACAAIAZgAAAPwA\
        AAAAAA==
        """
    private static let gzipCutShort = """
        H4sIAAAAAAACAyXGQQ5AMBAF0L2zTGVQGs5hZSMVgwol+klE3N3CWz25xKPFvQvJX7dKgF13WjY/Opy90GLxxwKH605IaOew+QiTDKCU00RxpljXnFdcVGw=
        """
    private static let gzipWithAnotherCheckSum = """
        H4sIAAAAAAACAyXGQQ5AMBAF0L2zTGVQGs5hZSMVgwol+klE3N3CWz25xKPFvQvJX7dKgF13WjY/Opy90GLxxwKH605IaOew+QiTDKCU00RxpljXnFdcVGwaUqaM\
        NeksNvS80QeTbPN6ZwAAAA==
        """

    private func read(_ base64: String) async throws -> Outcome {
        let bytes = try #require(Data(base64Encoded: base64))
        return try await ingest(Array(bytes), by: try BuiltIn.mapping("canonical"))
    }

    @Test(arguments: [gzipOfTwoMembersAndZeros, zipWithFolderAndHiddenFile, zipStored, zipStreamed])
    func packedFilesAreReadAsWhatTheyHold(_ base64: String) async throws {
        let outcome = try await read(base64)
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_614_834_367_000_000])
        #expect(outcome.counts.rejected == 0)
    }

    @Test(arguments: [
        (zipOfTwo, "2 files (a.csv, b.csv)"), (gzipCutShort, "cut short"), (gzipWithAnotherCheckSum, "damaged"),
        (String(zipStored.prefix(80)), "cut short"), (Data("BZh91AY".utf8).base64EncodedString(), "bzip2"),
    ])
    func whatCannotBeUnpackedIsAnErrorThatSaysWhy(_ base64: String, _ problem: String) async throws {
        let error = await #expect(throws: FeedError.self) { try await read(base64) }
        #expect(error?.code == .encoding)
        #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }

    @Test func aLongGzipIsUnpackedInPiecesThatLoseNothing() async throws {
        let gzip = Process()
        let (input, output) = (Pipe(), Pipe())
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-c"]
        (gzip.standardInput, gzip.standardOutput) = (input, output)
        try gzip.run()
        let lines = (0..<60_000).map { "t\($0),2021-03-04T05:06:07Z,-79.4,43.7,{}\n" }.joined()
        let text = Data(("event_type,event_timestamp,longitude,latitude,attributes_json\n" + lines).utf8)
        Thread.detachNewThread {
            try? input.fileHandleForWriting.write(contentsOf: text)
            try? input.fileHandleForWriting.close()
        }
        let packed = try #require(try output.fileHandleForReading.readToEnd())
        let outcome = try await ingest(Array(packed), by: try BuiltIn.mapping("canonical"))
        #expect(await outcome.sink.rows.map(\.eventType) == (0..<60_000).map { "t\($0)" })
    }
}
