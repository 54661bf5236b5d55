import Foundation
import Testing

@testable import Web

@Suite struct HTTPDateTests {
    @Test(arguments: [0, 784_111_777, 951_782_400, 1_709_164_799, 1_735_689_600, 4_102_444_799])
    func datesAreThoseOfFoundation(seconds: Int64) {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let expected = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
        #expect(HTTPDate.text(seconds: seconds) == expected)
    }
}
