import Foundation
import Risk
import Testing

@testable import Feeds

/// Every shared file of events, by the mapping that comes with Hextant for it.
///
/// The expected numbers were counted apart from this code: Python 3.11's csv, gzip, zipfile and json read the files, its
/// datetime the times, and a line counted as rejected for the first of: no field filled, blank or impossible time, blank
/// coordinate or NA, coordinate out of range. The sums are those of float() over the rest.
@Suite struct FeedsOverSharedFilesTests {
    struct Expectation: Sendable, CustomTestStringConvertible {
        let file: String
        let mapping: String
        let decoded: Int64
        let rejected: [String: Int64]
        let longitudes: Double
        let latitudes: Double

        init(
            _ file: String, _ mapping: String, _ decoded: Int64, _ rejected: [String: Int64], _ longitudes: Double,
            _ latitudes: Double
        ) {
            (self.file, self.mapping, self.decoded, self.rejected) = (file, mapping, decoded, rejected)
            (self.longitudes, self.latitudes) = (longitudes, latitudes)
        }

        var testDescription: String { file }
    }

    static let expectations = [
        Expectation(
            "2018-07-west-yorkshire-street.csv", "uk-street", 30_752, ["missing_value": 883], -50_656.5919,
            1_653_187.0567),
        Expectation(
            "2018-10-city-of-london-street.csv", "uk-street", 730, ["missing_value": 52], -64.8965,
            37_605.7160),
        Expectation(
            "2018-10-kent-street.csv", "uk-street", 18_962, ["missing_value": 434], 13_946.9607,
            972_751.3486),
        Expectation(
            "2018-11-city-of-london-street.csv", "uk-street", 726, ["missing_value": 73], -64.0582,
            37_399.5821),
        Expectation(
            "2018-12-city-of-london-street.csv", "uk-street", 690, ["missing_value": 70], -61.2226,
            35_545.0206),
        Expectation(
            "2019-01-city-of-london-street.csv", "uk-street", 586, ["missing_value": 31], -51.9801,
            30_187.6548),
        Expectation(
            "2019-02-city-of-london-street.csv", "uk-street", 659, ["missing_value": 29], -58.5020,
            33_948.0725),
        Expectation(
            "2019-12-city-of-london-stop-and-search.csv", "uk-stop-and-search", 242, ["missing_value": 50], -20.8303,
            12_466.5677),
        Expectation(
            "2020-01-city-of-london-stop-and-search.csv", "uk-stop-and-search", 280, ["missing_value": 71], -24.1222,
            14_424.1781),
        Expectation(
            "2020-01-leicestershire-stop-and-search.csv", "uk-stop-and-search", 336, [:], -393.3991,
            17_691.2203),
        Expectation(
            "2020-01-merseyside-stop-and-search.csv", "uk-stop-and-search", 2_949, ["missing_value": 783], -8_676.8616,
            157_564.5522),
        Expectation(
            "chicago_aggravated_assaults.csv.gz", "chicago-assaults", 148_636, [:], -13_030_533.5768,
            6_216_573.3016),
        Expectation(
            "cincinnati_burglary.csv.gz", "cincinnati-burglary", 8_297, ["missing_value": 426], -701_296.9640,
            324_767.1267),
        Expectation(
            "firms_MODIS_C6_1_Global_2023-08-01.csv", "firms", 18_891, [:], 60_643.6157,
            43_714.0911),
        Expectation(
            "medellin_homicides.csv", "medellin-homicides", 9_279, ["missing_value": 81], -701_335.6644,
            58_059.9637),
        Expectation(
            "northumbria_asb.tab", "northumbria-asb", 39_706, [:], -62_004.7018,
            2_183_886.4371),
        Expectation(
            "nyc_311_2013-12-25.csv", "nyc-311", 2_304, ["missing_value": 82], -170_311.3110,
            93_879.0475),
        Expectation(
            "nz_auckland_burglary_by_meshblock2013.csv", "nz-burglary-meshblock", 60_532, [:], 10_580_510.4057,
            -2_234_436.9963),
        Expectation(
            "nz_christchurch_victimisations_by_area_unit.csv", "nz-victimisations-area-unit", 0,
            ["unknown_place": 1_583], 0.0000,
            0.0000),
        Expectation(
            "nz_police_demographics_export.zip", "nz-demographics", 0, ["missing_value": 264_617, "empty_row": 44_877],
            0.0000,
            0.0000),
        Expectation(
            "pge_outages_2021-12_2022-01.csv", "pge-outages", 42_292, ["missing_value": 4, "year_out_of_window": 3],
            -5_138_255.6253,
            1_608_376.2984),
        Expectation(
            "san_francisco_robbery.csv", "san-francisco-robbery", 951, [:], -116_420.6984,
            35_912.8396),
        Expectation(
            "tempe_opioid_calls.csv", "tempe-opioid-calls", 3_379, [:], -378_207.8898,
            112_878.1000),
        Expectation(
            "usgs_all_week_2021-05-19.csv", "usgs", 2_120, [:], -245_179.5145,
            81_883.6536),
        Expectation(
            "usgs_all_week_2021-05-22.csv", "usgs", 2_047, [:], -233_018.0024,
            77_861.5441),
        Expectation(
            "pge_snapshot_2022-04-21.json", "pge-snapshot", 100, [:], -12_129.6134,
            3_785.9009),
    ]

    @Test(arguments: expectations)
    func countsAndSumsAreThoseOfAnIndependentReader(_ expected: Expectation) async throws {
        let root = try #require(ProcessInfo.processInfo.environment["HEXTANT_SHARED"])
        let mappings = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "mappings").path
        let mapping = try Mapping.load(expected.mapping, builtInDirectory: mappings)
        let file = try EventFile(path: "\(root)/data/events/\(expected.file)")
        let sink = SummingSink()
        let counts = try await IngestPipeline(mapping: mapping, defaultZone: "UTC").ingest(file, into: sink)
        #expect(counts.decoded == expected.decoded)
        #expect(counts.rejectedByReason == expected.rejected)
        #expect(abs(await sink.longitudes - expected.longitudes) < 0.01)
        #expect(abs(await sink.latitudes - expected.latitudes) < 0.01)
        #expect(await sink.rowNumbersNeverDescend)
    }

    @Test func everySharedFileHasItsExpectation() throws {
        let files = try [".csv", ".gz", ".tab", ".zip", ".json"].flatMap {
            try SharedFolder.files(in: "data/events", ending: $0)
        }
        #expect(Set(files) == Set(Self.expectations.map { "data/events/\($0.file)" }))
    }
}

private actor SummingSink: EventSink {
    private(set) var longitudes = 0.0
    private(set) var latitudes = 0.0
    private(set) var rowNumbersNeverDescend = true
    private var lastRow: Int64 = 0

    func write(_ chunk: EventChunk) {
        longitudes += chunk.longitudes.reduce(0, +)
        latitudes += chunk.latitudes.reduce(0, +)
        for row in chunk.rowNumbers {
            if row < lastRow { rowNumbersNeverDescend = false }
            lastRow = row
        }
    }
}
