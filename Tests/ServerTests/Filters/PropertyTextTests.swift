import Domain
import Testing

@testable import Formats
@testable import Server

@Suite struct PropertyTextTests {
    private static let values: [(String, FeatureProperty.Kind, FeatureFilter.Value)] = [
        ("", .text, .text("")), ("a,b", .text, .text("a,b")), ("5", .text, .text("5")), ("-2", .integer, .number(-2)),
        ("1e3", .integer, .number(1000)), ("+1.5e-2", .number, .number(0.015)), ("7", .number, .number(7)),
        ("true", .truth, .truth(true)), ("1", .truth, .truth(true)), ("FALSE", .truth, .truth(false)),
        ("0", .truth, .truth(false)), ("1970-01-02", .day, .day(LocalDay(number: 1))),
        ("1970-01-02T", .day, .day(LocalDay(number: 1))), ("1970-01-02T00:00:00Z", .day, .day(LocalDay(number: 1))),
        ("1970-01-01T00:00:01Z", .instant, .instant(Instant(seconds: 1))),
        ("1970-01-02", .instant, .instant(Instant(seconds: 86_400))),
    ]

    @Test(arguments: values)
    func aTextOfAURLIsAValue(text: String, kind: FeatureProperty.Kind, value: FeatureFilter.Value) {
        #expect(PropertyText.value(text, of: kind) == value)
    }

    private static let others: [(String, FeatureProperty.Kind)] = [
        ("", .integer), ("1.0", .integer), ("0x10", .integer), ("nan", .number), ("inf", .number), ("1,5", .number),
        (".5", .number), ("1e999", .number), ("yes", .truth), ("2", .truth), ("1970-01-02T10:00:00Z", .day),
        ("today", .day), ("10:00", .instant), ("{}", .object),
    ]

    @Test(arguments: others)
    func anythingElseIsNone(text: String, kind: FeatureProperty.Kind) {
        #expect(PropertyText.value(text, of: kind) == nil)
    }
}
