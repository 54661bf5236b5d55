import Testing

@testable import Spending

@Suite struct VendorKeyTests {
    @Test(arguments: [
        ("ACME, INC.", "acme"), ("Acme Inc", "acme"), ("acme  incorporated", "acme"), ("A.C.M.E. Ltd.", "acme"),
        ("The Acme Company, Inc.", "acme"), ("ACME L.L.C.", "acme"), (" Acme (UK) Limited ", "acme uk"),
        ("Smith & Sons Ltd", "smith and sons"), ("Smith and Sons", "smith and sons"), ("Smith & Co", "smith"),
        ("O'Brien Plumbing", "obrien plumbing"), ("O\u{2019}Brien Plumbing", "obrien plumbing"),
        ("Café Zoë", "cafe zoe"), ("Cafe\u{301} Zoe\u{308}", "cafe zoe"), ("MÜLLER GMBH", "muller"),
        ("Weiß AG", "weiss"), ("Ærø Bådværft", "aero badvaerft"), ("Łódź Sp", "lodz sp"),
        ("ＡＣＭＥ", "acme"), ("INDIVIDUAL 225", "individual 225"), ("P A TURNEY LTD", "p a turney"),
        ("T I S LTD", "t i s"), ("WATER PLUS - 4206400451", "water plus 4206400451"), ("日本 株式会社", "日本 株式会社"),
        // A name is never emptied by its legal form.
        ("Limited", "limited"), ("The Co", "co"), ("Co. Ltd", "co"), ("The", "the"), ("& Co", "and"),
        ("***", ""), ("", ""), (" - ", ""),
    ])
    func theSpellingsOfAVendorAreOne(_ name: String, _ key: String) {
        #expect(VendorKey.key(of: name) == key)
    }

    @Test func aKeyIsItsOwnKey() {
        for name in ["ACME, INC.", "Smith & Sons Ltd", "Ærø", "INDIVIDUAL 12", "P A TURNEY LTD", "Café (UK) plc"] {
            let key = VendorKey.key(of: name)
            #expect(VendorKey.key(of: key) == key)
        }
    }

    @Test func legalFormsInTheMiddleStay() {
        #expect(VendorKey.key(of: "Limited Editions Ltd") == "limited editions")
        #expect(VendorKey.key(of: "Co Op Group") == "co op group")
    }

    @Test func aLongNameIsCutAndNotRefused() {
        #expect(VendorKey.key(of: String(repeating: "a", count: 5000)).utf8.count == 1000)
    }
}
