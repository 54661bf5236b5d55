import Domain
import Foundation
import TestDomain
import Testing

struct EventGroupTests {
    private static let dataset = Dataset(
        slug: "city", title: "City", licence: "CC0", attribution: "Nobody", resolutions: [7],
        groups: [EventGroup(name: "violence", types: ["Robbery", "Assault", "Robbery"])])

    @Test func aKindIsAllOrAGroupOfTheDataset() throws {
        #expect(try Self.dataset.types(of: .all) == nil)
        #expect(try Self.dataset.types(of: .group("violence")) == ["Assault", "Robbery"])
        #expect(Self.dataset.kinds.map(\.text) == ["all", "violence"])
        let error = #expect(throws: UnknownKind.self) { try Self.dataset.types(of: .group("arson")) }
        #expect(error?.description == "arson is no kind of city; its kinds are: all, violence")
    }

    @Test(arguments: [("all", EventKind.all), ("violence", .group("violence"))])
    func aKindIsReadFromItsText(text: String, kind: EventKind) {
        #expect(EventKind(text) == kind)
        #expect(kind.text == text)
    }

    @Test(arguments: ["", "All", "a b", "-a", "a:b"])
    func otherTextsAreNoKinds(text: String) {
        #expect(EventKind(text) == nil)
    }

    private static func changed(_ groups: String) throws -> Dataset {
        try JSONDecoder().decode(DatasetDescription.self, from: Data(#"{"groups": \#(groups)}"#.utf8))
            .applied(to: dataset)
    }

    @Test func aDescriptionReplacesAllGroups() throws {
        let changed = try Self.changed(#"{"theft": ["Theft Over"], "fire": ["Arson"]}"#)
        #expect(changed.groups.map(\.name) == ["fire", "theft"])
        #expect(try Self.changed("{}").groups.isEmpty)
    }

    @Test(arguments: [
        (#"{"all": ["x"]}"#, "groups"), (#"{"A": ["x"]}"#, "groups"), (#"{"a": []}"#, "groups.a"),
        (#"{"a": [""]}"#, "groups.a"), (#"{"a": ["x\u0000"]}"#, "groups.a"),
    ])
    func aGroupThatCannotBeIsRefusedByName(groups: String, field: String) {
        let error = #expect(throws: DatasetDescriptionError.self) { try Self.changed(groups) }
        #expect(error?.field == field)
    }

    @Test func everyClassHasItsUrgencyOnce() {
        #expect(Set(HotSpotClass.byUrgency) == Set(HotSpotClass.allCases))
        #expect(HotSpotClass.byUrgency.count == HotSpotClass.allCases.count)
    }
}
