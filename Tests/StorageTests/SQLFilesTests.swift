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
}
