import Domain
import Foundation
import TestStorage
import Testing

@testable import Storage

struct SQLFilesTests {
    @Test(arguments: SQLFiles.Name.allCases)
    func everyStatementIsThere(_ name: SQLFiles.Name) throws {
        #expect(try !Checkout.statement(name).isEmpty)
    }

    @Test func aMissingFileIsAnIncompleteInstallation() throws {
        let error = #expect(throws: StorageError.self) { try SQLFiles(folder: URL(filePath: "/nowhere/sql")) }
        #expect(error?.code == .installation)
        #expect(error?.message.contains("cannot read /nowhere/sql/") == true)
    }

    @Test(arguments: [SQLFiles.Name.cellDays, .riskRows, .tile, .tileCrowded, .tileDays, .topCells])
    func whereSmallCountsAreHiddenTheServedViewIsNotRead(_ name: SQLFiles.Name) throws {
        let sql = try Checkout.sql()
        #expect(sql[name, .exact].contains("mv_daily_risk"))
        #expect(!sql[name, .atLeast(5)].contains("daily_risk"))
        #expect(sql[name, .atLeast(5)].contains("disclosed_risk"))
    }

    @Test func aStatementInWhichSmallCountsCannotBeHiddenIsRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sql-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in SQLFiles.Name.allCases {
            var text = try Checkout.statement(name)
            if name == .riskRows { text += "-- UNION ALL SELECT * FROM live_daily_risk" }
            try text.write(to: folder.appending(path: "\(name.rawValue).sql"), atomically: true, encoding: .utf8)
        }
        let error = #expect(throws: StorageError.self) { try SQLFiles(folder: folder) }
        #expect(error?.message.contains("risk_rows.sql") == true)
    }
}
