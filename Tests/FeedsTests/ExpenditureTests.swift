import Domain
import Foundation
import Testing

@testable import Feeds

/// Records that become expenditures.
@Suite struct ExpenditureTests {
    private static let yaml = """
        expenditure:
          amount: [Net Amount, Amount Paid]
          vendor: [Name, Supplier]
          department: Department
          account: Code
          account_description: Category
          organisation: Body
          reference: Ref
          fiscal_year_begins: 4
        time:
          column: Paid
          patterns: [dd/MM/yyyy, excel_1900]
          missing: ["00:00:00"]
        """

    /// Collects the payments of a file.
    private actor Payments: EventSink {
        private(set) var rows: [ExpenditureFields] = []
        private(set) var keys: [String] = []
        private(set) var ids: [String] = []
        private(set) var contents: [[UInt8]] = []
        private(set) var letters: [DeadLetter] = []
        private(set) var times = 0

        func write(_ chunk: EventChunk) {
            let columns = chunk.expenditures
            let length = ExpenditureColumns.contentBytes
            for row in 0..<chunk.count {
                if let fields = columns.fields(at: row) { rows.append(fields) }
                keys.append(columns.vendorKeys[row])
                ids.append(chunk.eventIDs[row])
                contents.append(Array(columns.contents[row * length..<(row + 1) * length]))
            }
            times += chunk.timestamps.count
            letters += chunk.deadLetters
        }

        func end(_ content: ContentDigest, warnings: [String]) {}
    }

    private func read(_ text: String, _ yaml: String = Self.yaml) async throws -> Payments {
        let payments = Payments()
        _ = try await withFile(Array(text.utf8)) { file in
            try await IngestPipeline(mapping: try Mapping(yaml: yaml, file: "m.yaml"), defaultZone: "Europe/London")
                .ingest(file, into: payments)
        }
        return payments
    }

    @Test func aRecordBecomesAPayment() async throws {
        let read = try await read(
            """
            Department,Code,Category,Body,Name,Ref,Paid,Net Amount
            Parks,D34,Tools,Oxford,"ACME, INC.",7,31/03/2014,"£1,234.50"
            Parks,D34,Tools,Oxford,Acme Inc,8,01/04/2014,(5.00)
            ,,,,,,00:00:00,0.10
            Parks,,,,,,43658,910

            """)
        let rows = await read.rows
        #expect(await read.letters.isEmpty)
        #expect(rows.map(\.amount.cents) == [123_450, -500, 10, 91_000])
        #expect(rows.map(\.fiscalYear) == [2014, 2015, nil, 2020])
        // 43658 days from 1899-12-30, by a spreadsheet.
        #expect(rows.map { $0.entered?.description } == ["2014-03-31", "2014-04-01", nil, "2019-07-12"])
        #expect(rows[0].vendor == "ACME, INC.")
        #expect(await read.keys == ["acme", "acme", "", ""])
        #expect(rows[0].department == "Parks")
        #expect(rows[0].account == "D34")
        #expect(rows[0].accountDescription == "Tools")
        #expect(rows[0].organisation == "Oxford")
        #expect(rows[2].vendor == nil)
        #expect(await read.times == 3)
    }

    @Test func aColumnMayHaveOtherNamesInOtherFilesAndMostMayBeMissing() async throws {
        let read = try await read("supplier,Paid,AMOUNT PAID\nAcme,01/01/2020,5\n")
        #expect(await read.rows.map(\.vendor) == ["Acme"])
        #expect(await read.rows.map(\.department) == [nil])
    }

    @Test func aFileWithoutTheAmountIsRefusedWithAllItsNames() async throws {
        let error = await #expect(throws: FeedError.self) { try await read("Name,Paid\nAcme,01/01/2020\n") }
        #expect(error?.problem.contains(#"there is no column "Net Amount" or "Amount Paid""#) == true)
    }

    @Test(arguments: [
        ("Acme,01/01/2020,", "missing_value"), ("Acme,01/01/2020,abc", "bad_amount"),
        ("Acme,01/01/2020,1.005", "bad_amount"), ("Acme,01/01/2020,\"1,23\"", "bad_amount"),
        ("Acme,31/02/2020,5", "impossible_date"), ("Acme,yesterday,5", "bad_timestamp"), (",,", "empty_row"),
        ("Acme,01/01/2020,1000000000000", "bad_amount"),
    ])
    func whatCannotBeReadIsADeadLetter(_ line: String, _ reason: String) async throws {
        let read = try await read("Name,Paid,Net Amount\n\(line)\n")
        #expect(await read.letters.map(\.reasonCode) == [reason])
        #expect(await read.rows.isEmpty)
    }

    @Test func recordsAreKnownByWhatTheySay() async throws {
        let read = try await read(
            """
            Name,Ref,Paid,Net Amount
            Acme,1,01/01/2020,5
            Acme,1,01/01/2020,£5.00
            Acme,2,01/01/2020,5
            Acm,e1,01/01/2020,5
            Acme,1,02/01/2020,5

            """)
        let contents = await read.contents
        #expect(contents[0] == contents[1])
        #expect(Set(contents).count == 4)
    }

    @Test func anIDOfTheSourceIsTaken() async throws {
        let yaml = Self.yaml + "\nevent_id: {column: [Trans No, trans_no]}"
        let read = try await read("trans_no,Paid,Net Amount\n46281108_1,01/01/2020,5\n", yaml)
        #expect(await read.ids == ["46281108_1"])
        #expect(await read.contents == [[UInt8](repeating: 0, count: 16)])
    }

    @Test func aFileWithoutAHeaderHasTheColumnsOfTheMapping() async throws {
        let yaml = Self.yaml + "\nheader: [Department, \"\", Name, Paid, Amount Paid]"
        for header in ["", "Department,,Name,Paid,Amount Paid\n", ",,,,\nDepartment,,Name,Paid,Amount Paid\n"] {
            let read = try await read("\(header)Parks,,Acme,01/01/2020,5\nRoads,,Bolt,02/01/2020,6\n", yaml)
            #expect(await read.rows.map(\.department) == ["Parks", "Roads"], "\(header)")
            #expect(await read.rows.map(\.amount.cents) == [500, 600], "\(header)")
        }
    }

    @Test func theDeadLetterOfAFileWithoutAHeaderCanBeReadAgain() throws {
        let mapping = try Mapping(
            yaml: Self.yaml + "\nheader: [Department, \"\", Name, Paid, Amount Paid]", file: "m.yaml")
        let reader = try LetterReader(
            mapping: mapping, header: "Department,,Name,Paid,Amount Paid\n", defaultZone: "UTC")
        var chunk = EventChunk()
        let letter = DeadLetter(
            rowNumber: 4, lineNumber: 4, raw: "Parks,,Acme,01/01/2020,5", reasonCode: "bad_amount", detail: "")
        #expect(try reader.read(letter, into: &chunk))
        #expect(chunk.expenditures.cents == [500])
    }

    @Test(arguments: [
        ("event_type: {constant: a}\n", "event_type: has no meaning with expenditure:"),
        ("coordinates: {longitude: x, latitude: y}\n", "coordinates: has no meaning with expenditure:"),
        ("identity: file\n", "identity: has no meaning with expenditure:"),
    ])
    func whatIsOfEventsIsRefused(_ line: String, _ problem: String) {
        let error = #expect(throws: FeedError.self) { try Mapping(yaml: line + Self.yaml, file: "m.yaml") }
        #expect(error?.problem == problem)
    }

    @Test func aFiscalYearNeedsItsDate() {
        let error = #expect(throws: FeedError.self) {
            try Mapping(yaml: "expenditure: {amount: a, fiscal_year_begins: 4}", file: "m.yaml")
        }
        #expect(error?.problem.contains("fiscal_year_begins: needs time:") == true)
    }

    /// The three schemas of Boston's checkbook: the names of the columns, and how amounts are written.
    @Test(arguments: [
        (["Vendor Name", "Dept Name", "Entered", "Fiscal Year", "Monetary Amount"], "-12.5"),
        (["Vendor_Name", "Dept_Name", "Entered", "Fiscal_Year", "Monetary_Amount"], "\"-1,012.50\""),
        (["vendor_name", "dept_name", "entered", "fiscal_year", "monetary_amount"], "\"-12.50\""),
    ])
    func aSchemaOfBostonIsRead(_ names: [String], _ amount: String) async throws {
        let yaml = try String(
            contentsOf: URL(filePath: "\(BuiltIn.directory)/boston-checkbook.yaml"), encoding: .utf8)
        let values = [#""ACME""#, #""Parks""#, #""2024-03-01""#, "2024", amount]
        let members = zip(names, values).map { "\"\($0)\":\($1)" }
        let read = try await read("{\"_id\":1,\(members.joined(separator: ","))}\n", yaml)
        let first = try #require(await read.rows.first)
        #expect([-1250, -101_250].contains(first.amount.cents))
        #expect(first.vendor == "ACME")
        #expect(first.department == "Parks")
        #expect(first.fiscalYear == 2024)
        #expect(first.entered?.description == "2024-03-01")
    }
}
