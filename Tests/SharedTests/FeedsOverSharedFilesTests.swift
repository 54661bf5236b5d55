import Domain
import Foundation
import Testing

@testable import Feeds

/// Every shared file of events, read with its built-in mapping.
///
/// The expected numbers were computed without this code: Python 3.11's csv, gzip, zipfile and json read the files, and
/// its datetime the times. A line is counted as rejected for the first of these reasons: no field filled, blank or
/// impossible time, blank coordinate or NA, coordinate out of range. The sums are those of float() over the other
/// lines.
@Suite struct FeedsOverSharedFilesTests {
    struct Expectation: Sendable, CustomTestStringConvertible {
        let file: String
        let mapping: String
        let decoded: Int
        let longitudes: Double
        let latitudes: Double
        let rejected: [String: Int]

        /// Reads a line of the table below.
        init?(_ line: Substring) {
            let words = line.split(separator: " ")
            guard words.count >= 5, let decoded = Int(words[2]), let longitudes = Double(words[3]),
                let latitudes = Double(words[4])
            else { return nil }
            (file, mapping, self.decoded) = (String(words[0]), String(words[1]), decoded)
            (self.longitudes, self.latitudes) = (longitudes, latitudes)
            let reasons = words[5...].map { $0.split(separator: "=") }
            rejected = Dictionary(uniqueKeysWithValues: reasons.map { (String($0[0]), Int($0[1]) ?? -1) })
        }

        var testDescription: String { file }
    }

    static let expectations = table.split(separator: "\n").compactMap(Expectation.init)

    /// File, mapping, events, sums of longitude and latitude, rejected records by reason.
    private static let table = """
        2018-07-west-yorkshire-street.csv uk-street 30752 -50656.5919 1653187.0567 missing_value=883
        2018-10-city-of-london-street.csv uk-street 730 -64.8965 37605.7160 missing_value=52
        2018-10-kent-street.csv uk-street 18962 13946.9607 972751.3486 missing_value=434
        2018-11-city-of-london-street.csv uk-street 726 -64.0582 37399.5821 missing_value=73
        2018-12-city-of-london-street.csv uk-street 690 -61.2226 35545.0206 missing_value=70
        2019-01-city-of-london-street.csv uk-street 586 -51.9801 30187.6548 missing_value=31
        2019-02-city-of-london-street.csv uk-street 659 -58.5020 33948.0725 missing_value=29
        2019-12-city-of-london-stop-and-search.csv uk-stop-and-search 242 -20.8303 12466.5677 missing_value=50
        2020-01-city-of-london-stop-and-search.csv uk-stop-and-search 280 -24.1222 14424.1781 missing_value=71
        2020-01-leicestershire-stop-and-search.csv uk-stop-and-search 336 -393.3991 17691.2203
        2020-01-merseyside-stop-and-search.csv uk-stop-and-search 2949 -8676.8616 157564.5522 missing_value=783
        chicago_aggravated_assaults.csv.gz chicago-assaults 148636 -13030533.5768 6216573.3016
        cincinnati_burglary.csv.gz cincinnati-burglary 8297 -701296.9640 324767.1267 missing_value=426
        firms_MODIS_C6_1_Global_2023-08-01.csv firms 18891 60643.6157 43714.0911
        medellin_homicides.csv medellin-homicides 9279 -701335.6644 58059.9637 missing_value=81
        northumbria_asb.tab northumbria-asb 39706 -62004.7018 2183886.4371
        nyc_311_2013-12-25.csv nyc-311 2304 -170311.3110 93879.0475 missing_value=82
        nz_auckland_burglary_by_meshblock2013.csv nz-burglary-meshblock 60532 10580510.4057 -2234436.9963
        nz_christchurch_victimisations_by_area_unit.csv nz-victimisations-area-unit 0 0 0 unknown_place=1583
        nz_police_demographics_export.zip nz-demographics 0 0 0 missing_value=264617 empty_row=44877
        pge_outages_2021-12_2022-01.csv pge-outages 42292 -5138255.6253 1608376.2984 missing_value=4 \
        year_out_of_window=3
        san_francisco_robbery.csv san-francisco-robbery 951 -116420.6984 35912.8396
        tempe_opioid_calls.csv tempe-opioid-calls 3379 -378207.8898 112878.1000
        usgs_all_week_2021-05-19.csv usgs 2120 -245179.5145 81883.6536
        usgs_all_week_2021-05-22.csv usgs 2047 -233018.0024 77861.5441
        pge_snapshot_2022-04-21.json pge-snapshot 100 -12129.6134 3785.9009
        """

    @Test(arguments: expectations)
    func countsAndSumsAreThoseOfAnIndependentReader(_ expected: Expectation) async throws {
        let root = try #require(ProcessInfo.processInfo.environment["HEXTANT_SHARED"])
        let mappings = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "mappings").path
        let mapping = try Mapping.load(expected.mapping, builtInDirectory: mappings)
        let file = try EventFile(path: "\(root)/data/events/\(expected.file)")
        let sink = SummingSink()
        let counts = try await IngestPipeline(mapping: mapping, defaultZone: "UTC").ingest(file, into: sink).counts
        #expect(counts.accepted == expected.decoded)
        #expect(counts.rejects?.byReason == expected.rejected)
        #expect(abs(await sink.longitudes - expected.longitudes) < 0.01)
        #expect(abs(await sink.latitudes - expected.latitudes) < 0.01)
        #expect(await sink.rowNumbersNeverDescend)
    }

    @Test func everySharedFileHasItsExpectation() throws {
        let files = try [".csv", ".gz", ".tab", ".zip", ".json"].flatMap {
            try SharedFolder.files(in: "data/events", ending: $0)
        }
        #expect(Set(files) == Set(Self.expectations.map { "data/events/\($0.file)" }))
        #expect(files.count == Self.table.split(separator: "\n").count)
    }
}

private actor SummingSink: EventSink {
    private(set) var longitudes = 0.0
    private(set) var latitudes = 0.0
    private(set) var rowNumbersNeverDescend = true
    private var lastRow: Int64 = 0

    func end(_ content: ContentDigest, warnings: [String]) {}

    func write(_ chunk: EventChunk) {
        longitudes += chunk.longitudes.reduce(0, +)
        latitudes += chunk.latitudes.reduce(0, +)
        for row in chunk.rowNumbers {
            if row < lastRow { rowNumbersNeverDescend = false }
            lastRow = row
        }
    }
}
