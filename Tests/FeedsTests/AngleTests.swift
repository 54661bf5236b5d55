import Testing

@testable import Feeds

/// Longitudes and latitudes in the ways in which people write them.
@Suite struct AngleTests {
    private static func read(_ text: String, decimalComma: Bool = true) -> Angle? {
        Angle.read(Array(text.utf8).span, decimalComma: decimalComma)
    }

    /// 45°08'41.3" is 45 + 8/60 + 41.3/3600.
    private static let latitude = 45.14480555555556

    @Test(arguments: [
        "45°08'41.3\"N", "45° 08' 41.3\" N", "N45°08'41.3\"", "45 08 41.3 N", "N 45 08 41.3",
        "45\u{BA}8\u{2032}41.3\u{2033}N",
        "45°08\u{2019}41.3\u{201D} n", "45°08'41.3''N", "45°8\u{B4}41,3\"N", "45d08m41.3sN", "45d 8m 41.3s N",
        "45deg 8min 41.3sec North", "45:08:41.3N", "45-08-41.3N", "450841.3N",
        "\u{A0}45°\u{202F}08'\u{A0}41.3\"\u{A0}N",
        "lat: 45 08 41.3", "Latitude 45°08'41.3\"", "+45°08'41.3\" N",
    ])
    func degreesMinutesAndSecondsOfTheNorth(_ text: String) throws {
        let angle = try #require(Self.read(text))
        #expect(abs(angle.degrees - Self.latitude) < 1e-12)
        #expect(angle.axis == .latitude)
    }

    @Test(
        arguments: [
            ("45.144806N", 45.144806, .latitude), ("45.144806°", 45.144806, nil), ("45.14° N", 45.14, .latitude),
            ("N 45.144806", 45.144806, .latitude), ("7.439028E", 7.439028, .longitude), ("33.5S", -33.5, .latitude),
            ("W 79 23.5", -79.39166666666667, .longitude), ("79°23.5'W", -79.39166666666667, .longitude),
            ("-79°23'30\"", -79.39166666666667, nil), ("\u{2212}0°30'", -0.5, nil),
            ("-79:23:30", -79.39166666666667, nil),
            ("4508.688N", 45.1448, .latitude), ("07926.5W", -79.44166666666666, .longitude),
            ("lon=-79.4", -79.4, .longitude),
            ("79,4 W", -79.4, .longitude), ("-79 23 30", -79.39166666666667, nil),
            ("45d8m41s S", -45.14472222222222, .latitude),
            ("45 08 41 S", -45.14472222222222, .latitude), ("45.5 west", -45.5, .longitude),
        ] as [(String, Double, Angle.Axis?)])
    func lettersAndSignsSayTheSide(_ text: String, _ degrees: Double, _ axis: Angle.Axis?) throws {
        let angle = try #require(Self.read(text))
        #expect(abs(angle.degrees - degrees) < 1e-12)
        #expect(angle.axis == axis)
    }

    @Test(arguments: [
        // A sign and a letter may contradict each other.
        "-79.4W", "\u{2212}45.1 S",
        // Two numbers without a mark may be anything.
        "45 08", "45-08-41", "45 123", "45°61'", "45°08'61\"", "45.5°30'", "45°08'41.3\"O", "N45N", "N 45 E", "n",
        "nan",
        "12abc", "0-", ".", "45°°", "45 8 41 3", "123456789N", "45;8", "",
    ])
    func whatMayMeanSomethingElseIsNoAngle(_ text: String) {
        #expect(Self.read(text) == nil)
    }

    @Test func aCommaIsADecimalSignOnlyWhereItMayBe() {
        #expect(Self.read("45,14N", decimalComma: false) == nil)
        #expect(Self.read("45,14N")?.degrees == 45.14)
    }
}
