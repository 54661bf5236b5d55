import Domain
import Testing

@testable import Feeds

@Suite struct PreviewTests {
    private func propose(_ text: String) async throws -> MappingProposal {
        try await withFile(Array(text.utf8)) { file in
            try MappingProposal(for: file, stated: Dialect(), builtInDirectory: BuiltIn.directory)
        }
    }

    @Test(arguments: [
        ("event_type,event_timestamp,longitude,latitude,attributes_json\nfire,2021-03-04,1,2,{}\n", "canonical"),
        (
            "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
                + "Last outcome category,Context\n", "uk-street"
        ),
        ("latitude,longitude,acq_date,acq_time,satellite,confidence,version,frp,daynight\n", "firms"),
        (
            #"[{"outageStartTime":"1","longitude":"1","latitude":"2","outageNumber":"1","regionName":"a","cause":"b","#
                + #""estCustAffected":"3"}]"#, "pge-snapshot"
        ),
    ])
    func aBuiltInMappingIsProposedWhereTheFileHasItsColumns(_ text: String, _ name: String) async throws {
        #expect(try await propose(text).builtIn == name)
    }

    @Test(arguments: [
        "Nr;Category;Reported on;Lat;Lng;Victim age\n1;theft;12/25/2013 11:59:08 PM;40,5;-73,9;33\n",
        "Nr,Category,Reported date,Lat,Lng,Victim age\n1,theft,2013-12-25 23:59:08,40.5,-73.9,33\n",
        #"[{"Nr":1,"Category":"theft","Report":{"Date":1388015948},"Lat":40.5,"Lng":-73.9,"Victim age":33}]"#,
    ])
    func anUnknownFileGetsAGuessThatReadsIt(_ text: String) async throws {
        let text = text.replacing("Reported on", with: "Reported date on")
        let proposal = try await propose(text)
        #expect(proposal.builtIn == nil)
        let yaml = proposal.yaml
        let outcome = try await ingest(text, by: try Mapping(yaml: yaml, file: "proposal.yaml"))
        let row = try #require(await outcome.sink.rows.first, "\(yaml)")
        #expect(row.eventType == "theft")
        #expect(row.longitude == -73.9)
        #expect(row.latitude == 40.5)
        #expect(row.timestamp == 1_388_015_948_000_000)
        #expect(row.attributes == #"{"Nr":"1"}"#, "the age of a person is not taken")
    }

    @Test func aRecordThatStandsForManyEventsIsShownOnce() async throws {
        let text = "Anzsoc.Group,Records,longitude,latitude,Meshblock,Area.Unit\na,9,1,2,1,b\nc,9,3,4,2,d\n"
        let preview = try await withFile(Array(text.utf8)) { file in
            try await IngestPreview(file, mapping: try BuiltIn.mapping("nz-burglary-meshblock"), defaultZone: "UTC")
        }
        #expect(preview.rows.map(\.eventType) == ["a", "c"])
        #expect(preview.counts.accepted == 18)
    }

    @Test func thePreviewCountsTheWholeFileAndShowsItsBeginning() async throws {
        let good = (0..<30).map { "t,2021-03-\(10 + $0 % 20)T00:00:00Z,\($0),\(-$0),{}\n" }.joined()
        let text = "event_type,event_timestamp,longitude,latitude,attributes_json\n" + good + "t,x,1,1,{}\nt,y,1,1,{}\n"
        let preview = try await withFile(Array(text.utf8)) { file in
            try await IngestPreview(file, mapping: try BuiltIn.mapping("canonical"), defaultZone: "UTC")
        }
        #expect(preview.rows.map(\.rowNumber) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
        #expect(preview.counts.rejects?.byReason == ["bad_timestamp": 2, "null_island": 1])
        #expect(preview.examples.map(\.lineNumber) == [2, 32])
        #expect(preview.bounds == BoundingBox(west: 1, south: -29, east: 29, north: -1))
        #expect(preview.period == Instant(seconds: 1_615_334_400)...Instant(seconds: 1_616_976_000))
        #expect(preview.dialect.format == .csv)
        #expect(preview.dialect.encoding == .utf8)
    }
}
