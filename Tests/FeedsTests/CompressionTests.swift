import Domain
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
    /// An archive written to a pipe: 64-bit sizes follow the data.
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

    /// Made from `zipStored` by hand: only the 64-bit end record leads to its directory.
    private static let zipWithAnEndOf64Bits = """
        UEsDBBQAAAAAAAAAIQCSbPN6ZwAAAGcAAAAKAAAAZXZlbnRzLmNzdmV2ZW50X3R5cGUsZXZlbnRfdGltZXN0YW1wLGxvbmdpdHVkZSxsYXRpdHVkZSxh\
        dHRyaWJ1dGVzX2pzb24KdGhlZnQsMjAyMS0wMy0wNFQwNTowNjowN1osLTc5LjQsNDMuNyx7fQpQSwECFAMUAAAAAAAAACEAkmzzemcAAABnAAAACgAA\
        AAAAAAAAAAAAgAEAAAAAZXZlbnRzLmNzdlBLBgYsAAAAAAAAAC0ALQAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAA4AAAAAAAAAI8AAAAAAAAAUEsGBwAA\
        AADHAAAAAAAAAAEAAABQSwUGAAAAAP///////////////wAA
        """
    /// The same, with an offset in that record that lies outside the file.
    private static let zipWithAnEndBeyondTheFile = """
        UEsDBBQAAAAAAAAAIQCSbPN6ZwAAAGcAAAAKAAAAZXZlbnRzLmNzdmV2ZW50X3R5cGUsZXZlbnRfdGltZXN0YW1wLGxvbmdpdHVkZSxsYXRpdHVkZSxh\
        dHRyaWJ1dGVzX2pzb24KdGhlZnQsMjAyMS0wMy0wNFQwNTowNjowN1osLTc5LjQsNDMuNyx7fQpQSwECFAMUAAAAAAAAACEAkmzzemcAAABnAAAACgAA\
        AAAAAAAAAAAAgAEAAAAAZXZlbnRzLmNzdlBLBgYsAAAAAAAAAC0ALQAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAA4AAAAAAAAAI8AAAAAAAAAUEsGBwAA\
        AAAFAAAAAAAAgAEAAABQSwUGAAAAAP///////////////wAA
        """
    private static let zipStoredWithAnotherByte = """
        UEsDBBQAAAAAAAAAIQCSbPN6ZwAAAGcAAAAKAAAAZXZlbnRzLmNzdmV2ZW50X3R5cGUsZXZlbnRfdGltZXN0YW1wLGxvbmdpdHVkZSxsYXRpdHVkZSxh\
        dHRyaWJ1dGVzX2pzb24KdGhlZnQsMjAyMS0wMy0wNFQwNTowNjowN1osLTc4LjQsNDMuNyx7fQpQSwECFAMUAAAAAAAAACEAkmzzemcAAABnAAAACgAA\
        AAAAAAAAAAAAgAEAAAAAZXZlbnRzLmNzdlBLBQYAAAAAAQABADgAAACPAAAAAAA=
        """
    private static let zipEncrypted = """
        UEsDBBQAAAAAAAAAIQCSbPN6ZwAAAGcAAAAKAAAAZXZlbnRzLmNzdmV2ZW50X3R5cGUsZXZlbnRfdGltZXN0YW1wLGxvbmdpdHVkZSxsYXRpdHVkZSxh\
        dHRyaWJ1dGVzX2pzb24KdGhlZnQsMjAyMS0wMy0wNFQwNTowNjowN1osLTc5LjQsNDMuNyx7fQpQSwECFAMUAAEAAAAAACEAkmzzemcAAABnAAAACgAA\
        AAAAAAAAAAAAgAEAAAAAZXZlbnRzLmNzdlBLBQYAAAAAAQABADgAAACPAAAAAAA=
        """
    private static let zipByLZMA = """
        UEsDBD8AAgAOAAAAIQCSbPN6bAAAAGcAAAAKAAAAZXZlbnRzLmNzdgkEBQBdAACAAAAynYjOkR2em60QD19UuGCjAEx3xkA0q9s5srPzBgD/lMMf9Yxb\
        MNT+DpTPad7OrJ+rRBGYDA/t5B+NfOpJncaEKJpMbJGZFJc41THwYihYbC+NlGYrHz4EptW8gb//HkmAAFBLAQI/Az8AAgAOAAAAIQCSbPN6bAAAAGcA\
        AAAKAAAAAAAAAAAAAACAAQAAAABldmVudHMuY3N2UEsFBgAAAAABAAEAOAAAAJQAAAAAAA==
        """

    private func read(_ base64: String) async throws -> Outcome {
        let bytes = try #require(Data(base64Encoded: base64))
        return try await ingest(Array(bytes), by: try BuiltIn.mapping("canonical"))
    }

    @Test(arguments: [
        gzipOfTwoMembersAndZeros, zipWithFolderAndHiddenFile, zipStored, zipStreamed, zipWithAnEndOf64Bits,
    ])
    func packedFilesAreReadAsWhatTheyHold(_ base64: String) async throws {
        let outcome = try await read(base64)
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_614_834_367_000_000])
        #expect(outcome.counts.rejected == 0)
    }

    @Test func theFilesOfAnArchiveAreReadOneAfterTheOther() async throws {
        let outcome = try await read(Self.zipOfTwo)
        #expect(await outcome.sink.rows.map(\.rowNumber) == [1, 2])
        #expect(outcome.counts.rejected == 0)
    }

    @Test(arguments: [
        (gzipCutShort, "cut short"), (gzipWithAnotherCheckSum, "damaged"),
        (String(zipStored.prefix(80)), "cut short"), (Data("BZh91AY&SY".utf8).base64EncodedString(), "bzip2"),
        (zipStoredWithAnotherByte, "checksum"), (zipEncrypted, "encrypted"), (zipByLZMA, "method 14"),
        (zipWithAnEndBeyondTheFile, "damaged"),
    ])
    func whatCannotBeUnpackedIsAnErrorThatSaysWhy(_ base64: String, _ problem: String) async throws {
        let error = await #expect(throws: FeedError.self) { try await read(base64) }
        #expect(error?.code == .encoding)
        #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }

    /// A damaged archive is either read as the original content or refused. It never gives other content, and never
    /// traps.
    @Test(arguments: [zipWithFolderAndHiddenFile, zipStored, zipStreamed, zipWithAnEndOf64Bits])
    func noByteOfAnArchiveCanBeDamagedUnnoticed(_ base64: String) async throws {
        let bytes = [UInt8](try #require(Data(base64Encoded: base64)))
        let mapping = try BuiltIn.mapping("canonical")
        for place in bytes.indices {
            for change: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = bytes
                damaged[place] ^= change
                do {
                    let outcome = try await ingest(damaged, by: mapping)
                    // A file that no longer begins like a zip is text without the columns, so it does not reach this
                    // line.
                    #expect(await outcome.sink.rows.map(\.timestamp) == [1_614_834_367_000_000], "byte \(place)")
                } catch let error as FeedError {
                    #expect([.encoding, .header].contains(error.code), "byte \(place): \(error)")
                }
            }
        }
    }

    @Test(arguments: [2, 80])
    func whatUnpacksToFarMoreThanItsSizeIsRefused(_ mebibytes: Int) async throws {
        let header = Data("event_type,event_timestamp,longitude,latitude,attributes_json\n".utf8)
        let packed = try Self.gzip(header + Data(repeating: UInt8(ascii: "\n"), count: mebibytes << 20))
        let error = await #expect(throws: FeedError.self) {
            try await ingest(packed, by: try BuiltIn.mapping("canonical"))
        }
        #expect(error?.problem.contains("500 times its size") == true, "\(String(describing: error))")
    }

    @Test(arguments: [(1_000_000, false), (10_000_000, true)])
    func aFileUnpacksToNoMoreThanIsAllowed(_ limit: Int, _ fits: Bool) async throws {
        let lines = (0..<60_000).map { "t\($0),2021-03-04T05:06:07Z,-79.4,43.7,{}\n" }.joined()
        let packed = try Self.gzip(
            Data(("event_type,event_timestamp,longitude,latitude,attributes_json\n" + lines).utf8))
        try await withFile(packed) { file in
            let bounded = try EventFile(path: file.path, mostUnpacked: limit)
            let pipeline = try IngestPipeline(mapping: try BuiltIn.mapping("canonical"), defaultZone: "UTC")
            do {
                #expect(try await pipeline.ingest(bounded, into: CollectingSink()).counts.accepted == 60_000)
                #expect(fits)
            } catch let error as FeedError {
                #expect(!fits)
                #expect(error.problem.contains("unpacks to more than 1000000 bytes"))
            }
        }
    }

    @Test func aLongGzipIsUnpackedInPiecesThatLoseNothing() async throws {
        let lines = (0..<60_000).map { "t\($0),2021-03-04T05:06:07Z,-79.4,43.7,{}\n" }.joined()
        let packed = try Self.gzip(
            Data(("event_type,event_timestamp,longitude,latitude,attributes_json\n" + lines).utf8))
        let outcome = try await ingest(packed, by: try BuiltIn.mapping("canonical"))
        #expect(await outcome.sink.rows.map(\.eventType) == (0..<60_000).map { "t\($0)" })
    }

    private static func gzip(_ data: Data) throws -> [UInt8] {
        let gzip = Process()
        let (input, output) = (Pipe(), Pipe())
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-9", "-c"]
        (gzip.standardInput, gzip.standardOutput) = (input, output)
        try gzip.run()
        Thread.detachNewThread {
            try? input.fileHandleForWriting.write(contentsOf: data)
            try? input.fileHandleForWriting.close()
        }
        return [UInt8](try #require(try output.fileHandleForReading.readToEnd()))
    }
}
