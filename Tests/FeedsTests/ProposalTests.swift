import Domain
import Foundation
import Testing

@testable import Feeds

/// Mappings that a dry run proposes: they read the file, and say what they guessed.
@Suite struct ProposalTests {
    private static func propose(_ bytes: [UInt8]) async throws -> MappingProposal {
        try await withFile(bytes) { file in
            try MappingProposal(for: file, stated: Dialect(), builtInDirectory: BuiltIn.directory)
        }
    }

    private static func propose(_ text: String) async throws -> MappingProposal { try await propose(Array(text.utf8)) }

    /// The proposal and what it reads of the file.
    private static func read(_ text: String) async throws -> (proposal: MappingProposal, outcome: Outcome) {
        let proposal = try await propose(text)
        let mapping = try #require(proposal.mapping, "\(proposal.yaml)")
        return (proposal, try await ingest(text, by: mapping))
    }

    private static func rows(_ value: (Int) -> String) -> String { (0..<12).map { value($0) + "\n" }.joined() }

    // MARK: Times

    @Test func smallNumbersAreNoTimes() async throws {
        let text =
            "id,incident_date,response_time_min,type,lon,lat\n"
            + Self.rows { "\($0),\(13 + $0)/06/2023 10:0\($0 % 10):00,\(5 + $0),fire,-0.1,51.5" }
        let (proposal, outcome) = try await Self.read(text)
        #expect(proposal.yaml.contains("column: \"incident_date\""))
        #expect(await outcome.sink.rows.first?.timestamp == 1_686_650_400_000_000)
        #expect(outcome.counts.accepted == 12)
        let alone = try await Self.propose(
            "type,MONTH,imonth,lon,lat\n" + Self.rows { "fire,\($0 + 1),\($0),-0.1,51.5" })
        #expect(alone.mapping == nil)
        #expect(alone.missing == ["time"])
    }

    @Test func anOrderOfDayAndMonthThatNothingDecidesIsAGuess() async throws {
        let text = "type,time,lon,lat\ntheft,1/2/2023 0:00,-79.4,43.7\ntheft,3/4/2023 0:00,-79.4,43.7\n"
        let (proposal, outcome) = try await Self.read(text)
        #expect(proposal.notes.contains { $0.contains("a guess: every value fits d/M/yyyy H:mm as well") })
        #expect(proposal.yaml.contains("patterns: [\"M/d/yyyy H:mm\"]  # a guess"))
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_672_617_600_000_000, 1_677_888_000_000_000])
        // Outside of America the day comes first.
        let (london, _) = try await Self.read(text.replacing("-79.4,43.7", with: "-0.1,51.5"))
        #expect(london.yaml.contains("patterns: [\"d/M/yyyy H:mm\"]  # a guess"))
    }

    @Test func aValueLateInTheFileDecidesTheOrder() async throws {
        let lines = (0..<500).map { "theft,0\($0 % 9 + 1)/0\($0 % 8 + 1)/2023,-79.4,43.7\n" }
        let text = "type,day,lon,lat\n" + lines.joined() + "theft,25/06/2023,-79.4,43.7\n"
        let (proposal, outcome) = try await Self.read(text)
        #expect(proposal.yaml.contains("patterns: [\"dd/MM/yyyy\"]\n"))
        #expect(proposal.notes.isEmpty)
        #expect(outcome.counts.rejected == 0)
        let (mixed, _) = try await Self.read(text + "theft,06/26/2023,-79.4,43.7\ntheft,27/06/2023,-79.4,43.7\n")
        #expect(mixed.notes.contains { $0.contains("some values fit only MM/dd/yyyy") }, "\(mixed.notes)")
    }

    @Test func partsOfATimeAreFoundInTheirColumns() async throws {
        let text =
            "TYPE,YEAR,MONTH,DAY,HOUR,MINUTE,HUNDRED_BLOCK,X,Y\n"
            + "Theft,2019,3,7,2,6,11XX E HASTINGS ST,-123.1,49.3\nMischief,2019,5,13,16,,12XX W BROADWAY,-123.1,49.3\n"
            + "Theft,2019,5,13,,,OFFSET TO PROTECT PRIVACY,-123.1,49.3\n"
        let (proposal, outcome) = try await Self.read(text)
        #expect(proposal.yaml.contains("year_column: \"YEAR\""))
        #expect(proposal.yaml.contains("minute_column: \"MINUTE\""))
        #expect(proposal.yaml.contains("blank_parts: first"))
        #expect(proposal.notes.contains { $0.contains("time.blank_parts") })
        #expect(
            await outcome.sink.rows.map(\.timestamp) == [
                1_551_924_360_000_000, 1_557_763_200_000_000, 1_557_705_600_000_000,
            ])
        #expect(await outcome.sink.rows.first?.attributes == #"{"HUNDRED_BLOCK":"11XX E HASTINGS ST"}"#)
    }

    @Test func aClockOfItsOwnIsFoundBesideItsDate() async throws {
        let text =
            "CMPLNT_NUM,CMPLNT_FR_DT,CMPLNT_FR_TM,CMPLNT_TO_DT,CMPLNT_TO_TM,RPT_DT,OFNS_DESC,Latitude,Longitude\n"
            + Self.rows {
                "\(900 + $0),12/\(14 + $0)/2021,17:5\($0 % 10):00,12/31/2021,23:00:00,12/31/2021,THEFT,40.7,-73.9"
            }
        let (proposal, outcome) = try await Self.read(text)
        #expect(
            proposal.yaml.contains("column: \"CMPLNT_FR_DT\"")
                && proposal.yaml.contains("clock_column: \"CMPLNT_FR_TM\""))
        #expect(proposal.yaml.contains("event_id:\n  column: \"CMPLNT_NUM\""))
        #expect(await outcome.sink.rows.first?.timestamp == 1_639_504_200_000_000)
        #expect(await outcome.sink.rows.first?.eventType == "THEFT")
    }

    @Test func numbersLikeDaysOfASpreadsheetAreAGuess() async throws {
        let (proposal, outcome) = try await Self.read("type,time,lon,lat\na,44205,-79.4,43.7\na,44205.75,-79.4,43.7\n")
        #expect(proposal.yaml.contains("patterns: [\"excel_1900\"]  # a guess"))
        #expect(proposal.notes.contains { $0.contains("1904") })
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_610_150_400_000_000, 1_610_215_200_000_000])
    }

    @Test func textBehindATimeIsPassedOverAndTold() async throws {
        let (proposal, outcome) = try await Self.read(
            "type,time,lon,lat\na,Sun Jan 01 2006 00:00:00 GMT-0200 (Brasilia Summer Time),-43.2,-22.9\n")
        #expect(proposal.notes.contains { $0.contains("time.trailing_text") })
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_136_080_800_000_000])
    }

    // MARK: Places

    @Test(arguments: [
        ("Location", "\"(37.796533, -122.437602)\"", "[latitude, longitude]", false),
        ("geo_point_2d", "\"48.8566, 2.3522\"", "[latitude, longitude]", true),
        ("Lat/Long", "POINT (-73.957043 40.79485)", "[longitude, latitude]", false),
        (
            "the_geom", "\"{\"\"type\"\":\"\"Point\"\",\"\"coordinates\"\":[-73.957043,40.79485]}\"",
            "[longitude, latitude]", false
        ),
        ("Point", "\"-122.437602, 37.796533\"", "[longitude, latitude]", false),
        ("lonlat", "\"2.3522, 48.8566\"", "[longitude, latitude]", false),
        ("where", "\"48.8566, 2.3522\"", "[latitude, longitude]", true),
        ("where", "45°08'41.3\"\" N 7°26'20.5\"\" E", "[latitude, longitude]", false),
        ("Standort", "\"POINT(13.405 52.52)\"", "[longitude, latitude]", false),
    ])
    func placesInOneColumnAreFound(_ column: String, _ value: String, _ axes: String, _ isGuess: Bool) async throws {
        let value = value.hasPrefix("45") ? "\"\(value)\"" : value
        let text =
            "id,created,type,\(column)\n1,2018-10-14T13:00:00,Noise,\(value)\n2,2018-10-15T13:00:00,Noise,\(value)\n"
        let (proposal, outcome) = try await Self.read(text)
        #expect(proposal.yaml.contains("  column: \"\(column)\"\n  axes: \(axes)"), "\(proposal.yaml)")
        #expect(proposal.notes.contains { $0.contains("coordinates.axes") } == isGuess, "\(proposal.notes)")
        let row = try #require(await outcome.sink.rows.first)
        #expect(outcome.counts.accepted == 2)
        #expect(row.latitude > 37)
        #expect(row.latitude < 53)
    }

    @Test(arguments: [
        ("Breitengrad WGS;Längengrad WGS", "53,5503;10,0006"), ("y_coord;x_coord", "53.5503;10.0006"),
        ("GEO_LAT;GEO_LNG", "53.5503;10.0006"), ("latitud;longitud", "53.5503;10.0006"),
        ("StartLatitude;StartLongitude", "53.5503;10.0006"), ("lat;lon", "53°33'01.08\"N;10°00'02.16\"E"),
    ])
    func coordinatesAreFoundByManyNames(_ columns: String, _ values: String) async throws {
        let (_, outcome) = try await Self.read(
            "Typ;Datum;\(columns)\nRaub;13.06.2023;\(values)\nRaub;14.06.2023;\(values)\n")
        let row = try #require(await outcome.sink.rows.first)
        #expect(abs(row.latitude - 53.5503) < 1e-9)
        #expect(abs(row.longitude - 10.0006) < 1e-9)
        #expect(row.eventType == "Raub")
    }

    @Test func aWholeUnknownFileIsRead() async throws {
        // 5,000 rows of this shape took ten commands once.
        let text =
            "Vorgangs-Nr.;Delikt (Schlüssel);Tattag;Tatzeit ca.;Breitengrad WGS;Längengrad WGS\n"
            + Self.rows {
                "2023/\($0);\($0 % 2 == 0 ? "Raub" : "Diebstahl");0\($0 % 9 + 1).06.2023;17:5\($0 % 10) Uhr;53,55;10,00"
            }
        let bytes = text.unicodeScalars.map { UInt8($0.value) }
        let proposal = try await Self.propose(bytes)
        let mapping = try #require(proposal.mapping, "\(proposal.yaml)")
        let outcome = try await ingest(bytes, by: mapping, zone: "Europe/Berlin")
        #expect(outcome.counts.rejected == 0)
        let row = try #require(await outcome.sink.rows.first)
        #expect(row.timestamp == 1_685_634_600_000_000)
        #expect(row.eventType == "Raub")
        #expect(proposal.yaml.contains("clock_patterns: [\"H:mm 'Uhr'\"]"))
        #expect(proposal.yaml.contains("encoding: cp1252  # a guess"))
        #expect(proposal.notes.contains { $0.contains("read as cp1252") })
        #expect(proposal.notes.contains { $0.contains("dd.MM.yyyy") || $0.contains("MM.dd.yyyy") })
    }

    // MARK: What is missing

    @Test func whatCannotBeGuessedIsASkeleton() async throws {
        let proposal = try await Self.propose("when,kind,note\n2021-03-04,a,\"first\nline\"\n")
        #expect(proposal.mapping == nil)
        #expect(proposal.builtIn == nil)
        #expect(proposal.missing == ["coordinates"])
        #expect(
            proposal.yaml == """
                # Fill in the lines marked TODO; docs/mappings.md has every key. The columns and their first values:
                #   when: 2021-03-04
                #   kind: a
                #   note: first line
                # csv, utf-8, separated by ,
                event_type:
                  column: "kind"
                time:
                  column: "when"
                  patterns: ["iso8601"]
                coordinates:
                  # TODO: the columns in degrees. Both in one column are column: and axes:
                  longitude: TODO
                  latitude: TODO
                attributes:
                  columns:
                    - "note"

                """)
        let error = try await withFile(Array("when,kind,note\n2021-03-04,a,b\n".utf8)) { file in
            await #expect(throws: FeedError.self) {
                try await IngestPreview(
                    file, mapping: try Mapping(yaml: proposal.yaml, file: "my.yaml"), defaultZone: "UTC")
            }
        }
        #expect(
            error?.problem.contains("coordinates.longitude: still says TODO") == true, "\(String(describing: error))")
    }

    /// Some words of a mapping would pass for a value, such as the type of all events.
    @Test(arguments: [
        ("event_type: {constant: TODO}", "event_type.constant"), ("event_type: {column: TODO}", "event_type.column"),
    ])
    func aMappingThatStillSaysTODOIsRefusedByItsKey(_ lines: String, _ key: String) {
        let yaml = "time: {column: d}\ncoordinates: {longitude: x, latitude: y}\n\(lines)"
        let error = #expect(throws: FeedError.self) { try Mapping(yaml: yaml, file: "my.yaml") }
        #expect(error?.problem == "\(key): still says TODO")
        #expect(error?.line == yaml.split(separator: "\n").count)
    }

    /// A value of the file may be that word.
    @Test func aFilterMayWantTheWordTODO() throws {
        let mapping = try Mapping(
            yaml: """
                event_type: {column: t}
                time: {column: d}
                coordinates: {longitude: x, latitude: y}
                filter: [{column: state, in: [TODO, DONE]}]
                """, file: "my.yaml")
        #expect(mapping.filters.count == 1)
    }

    @Test func projectedCoordinatesNeedAReferenceSystem() async throws {
        let proposal = try await Self.propose(
            "type,date,X,Y\na,2021-03-04,\"493,906.5\",5457452.47\na,2021-03-05,490150.1,5456613.0\n")
        #expect(proposal.missing == ["coordinates.crs"])
        #expect(proposal.yaml.contains("  x: \"X\"\n  y: \"Y\"\n  crs: TODO"))
        let text = try await Self.propose("type,date,geom\na,2021-03-04,POINT (493906.5 5457452.47)\n")
        #expect(text.yaml.contains("  column: \"geom\"\n  axes: [x, y]\n  crs: TODO"))
    }

    @Test func columnsOfAnyNameAreWrittenAsYAMLReadsThem() async throws {
        let (_, outcome) = try await Self.read("\"ty\"\"pe\",date\\n,\"lon\ng\",lat\na,2021-03-04,1.5,2.5\n")
        let row = try #require(await outcome.sink.rows.first)
        #expect(row.longitude == 1.5)
        #expect(row.timestamp == 1_614_816_000_000_000)
        #expect(row.attributes == #"{"ty\"pe":"a"}"#)
    }

    // MARK: Built-in mappings

    /// The police's usual columns, in a file of burglaries.
    private static let police =
        "month,longitude,latitude,location,lsoa_code\n2022-01-01,-2.002,55.7663,Palace Green,E01027377\n"

    @Test func aMappingThatNamesEveryEventIsNotTakenByItsColumns() async throws {
        let proposal = try await Self.propose(Self.police)
        #expect(proposal.builtIn == nil)
        #expect(proposal.notes.contains { $0.contains("northumbria-asb") && $0.contains("anti-social behaviour") })
        #expect(proposal.notes.contains { $0.contains("every event is called \"event\"") })
    }

    @Test func theNameOfTheFileMaySayThatItIsOfTheSource() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "Northumbria_ASB_2022.csv")
        try Data(Self.police.utf8).write(to: path)
        let proposal = try MappingProposal(
            for: try EventFile(path: path.path), stated: Dialect(), builtInDirectory: BuiltIn.directory)
        #expect(proposal.builtIn == "northumbria-asb")
        #expect(proposal.yaml.contains("constant: anti-social behaviour"))
        #expect(
            proposal.notes == [
                "The mapping northumbria-asb says that times without an offset are those of Europe/London."
            ])
    }

    @Test(
        arguments: [
            // Ohio, Oregon, and times of another form.
            ("-84.5,39.1", "2017-05-25T00:00:00Z", "cincinnati-burglary"), ("-122.7,45.5", "2017-05-25T00:00:00Z", nil),
            ("-84.5,39.1", "05/25/2017", nil),
        ] as [(String, String, String?)])
    func aMappingOfAnotherPlaceOrFormIsNotTaken(_ point: String, _ time: String, _ name: String?) async throws {
        let proposal = try await Self.propose(
            "incident_no,offense_date,offense,longitude,latitude\n1,\(time),BURGLARY,\(point)\n")
        #expect(proposal.builtIn == name)
        #expect(proposal.notes.contains { $0.contains("cincinnati-burglary") })
    }

    @Test func boundsAreLookedAt() async throws {
        let text = "Crime ID,Month,Reported by,Longitude,Latitude,Location,LSOA code,Crime type,Last outcome category\n"
        #expect(try await Self.propose(text + "1,2018-07,a,-1.4,53.5,b,c,Burglary,d\n").builtIn == "uk-street")
        #expect(try await Self.propose(text + "1,2018-07,a,151.2,-33.8,b,c,Burglary,d\n").builtIn == nil)
    }
}
