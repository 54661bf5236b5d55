import CSV

/// Texts with the records that Python 3.11's `csv.reader` reads from them with `strict=True`, each with the line on
/// which it starts (the reader's `line_num` before it, plus 1), without empty records. Where it raises an error, the
/// line is a fault, and it is given the text from the next line on: a fault of the quote where it had read several
/// lines, otherwise of the text after it.
///
/// The first texts are written by hand, the others are random over a small alphabet.
enum PythonRecords {
    typealias Record = (line: Int64, fields: [String], fault: CSVFault?)
    typealias Case = (text: String, records: [Record])

    // Parts are quicker to compile than one long literal.
    static let cases: [Case] = [byHand, random1, random2, random3, random4].flatMap { $0 }

    private static let byHand: [Case] = [
        ("a,b\n1,2\n", [(1, ["a", "b"], nil), (2, ["1", "2"], nil)]),
        ("a,b\r\n1,2\r\n", [(1, ["a", "b"], nil), (2, ["1", "2"], nil)]),
        ("a,b\r1,2\r", [(1, ["a", "b"], nil), (2, ["1", "2"], nil)]),
        ("a,b\n1,2", [(1, ["a", "b"], nil), (2, ["1", "2"], nil)]),
        ("\"a,b\"\n", [(1, ["a,b"], nil)]),
        ("\"say \"\"hi\"\"\",x\n", [(1, ["say \"hi\"", "x"], nil)]),
        ("\"two\nlines\",x\nnext,y\n", [(1, ["two\nlines", "x"], nil), (3, ["next", "y"], nil)]),
        (
            "\"two\r\nlines\",\"a\rb\",x\r\nnext,y\r\n",
            [
                (1, ["two\r\nlines", "a\rb", "x"], nil),
                (4, ["next", "y"], nil),
            ]
        ),
        ("a\"b,c\"\"d\n", [(1, ["a\"b", "c\"\"d"], nil)]),
        ("\"a\"b,c\n", [(1, [], .textAfterQuote)]),
        ("\"a\"b\"c\",d\n", [(1, [], .textAfterQuote)]),
        ("\"a\"\"b\"c\"\"d,e\n", [(1, [], .textAfterQuote)]),
        (" \"a\",b\n", [(1, [" \"a\"", "b"], nil)]),
        ("\"\",\"\"\n", [(1, ["", ""], nil)]),
        ("\"\"\n", [(1, [""], nil)]),
        (",,,\n", [(1, ["", "", "", ""], nil)]),
        ("\n\na\n\n\r\nb\n", [(3, ["a"], nil), (6, ["b"], nil)]),
        ("a,\n,b\n", [(1, ["a", ""], nil), (2, ["", "b"], nil)]),
        ("\"a\"\r\"b\"", [(1, ["a"], nil), (2, ["b"], nil)]),
        ("\"\n\"\n\"\r\"\r\nend\n", [(1, ["\n"], nil), (3, ["\r"], nil), (5, ["end"], nil)]),
        ("\u{E9}t\u{E9},\"\u{65E5}\u{672C}, x\"\n", [(1, ["\u{E9}t\u{E9}", "\u{65E5}\u{672C}, x"], nil)]),
    ]

    private static let random1: [Case] = [
        (
            "\n,\"\n\n\na\"bc,\u{E9}ba\r\n,bc\u{E9}b\"ba",
            [
                (2, [], .unterminatedQuote),
                (5, ["a\"bc", "\u{E9}ba"], nil),
                (6, ["", "bc\u{E9}b\"ba"], nil),
            ]
        ),
        (
            "bcbc\n\r\"a\u{E9},\n,\r\"\" \"\rbcabc\ra\n",
            [
                (1, ["bcbc"], nil),
                (3, ["a\u{E9},\n,\r\" "], nil),
                (6, ["bcabc"], nil),
                (7, ["a"], nil),
            ]
        ),
        (
            "a\n a\"\"\n\n \ra \"b,,a\u{E9}\r\n",
            [
                (1, ["a"], nil),
                (2, [" a\"\""], nil),
                (4, [" "], nil),
                (5, ["a \"b", "", "a\u{E9}"], nil),
            ]
        ),
        ("\u{E9}\u{E9}\"b\"\n\n\r\n\r\n\ra", [(1, ["\u{E9}\u{E9}\"b\""], nil), (6, ["a"], nil)]),
        (",\"\"\r\n\u{E9}", [(1, ["", ""], nil), (2, ["\u{E9}"], nil)]),
        ("\"\",\u{E9}a a\r\n\nbcb\r\n\rb,", [(1, ["", "\u{E9}a a"], nil), (3, ["bcb"], nil), (5, ["b", ""], nil)]),
        ("\n\"\"", [(2, [""], nil)]),
        (" \"b,, \"\"\r\r\nbc\"\rbc\r\n", [(1, [" \"b", "", " \"\""], nil), (3, ["bc\""], nil), (4, ["bc"], nil)]),
        (
            "b\r\n\"\u{E9}aa ,a\rbc,\"abc\r\n,\"\",",
            [
                (1, ["b"], nil),
                (2, [], .unterminatedQuote),
                (3, [], .unterminatedQuote),
                (4, ["", "", ""], nil),
            ]
        ),
        ("\n\"\"\r\u{E9}\nbc\"\u{E9},a", [(2, [""], nil), (3, ["\u{E9}"], nil), (4, ["bc\"\u{E9}", "a"], nil)]),
        (" bc\u{E9},abc\u{E9}bba\"a ", [(1, [" bc\u{E9}", "abc\u{E9}bba\"a "], nil)]),
        (
            "bca,\r\u{E9}\" ,,b\"ab\r\nab",
            [
                (1, ["bca", ""], nil),
                (2, ["\u{E9}\" ", "", "b\"ab"], nil),
                (3, ["ab"], nil),
            ]
        ),
        (
            "\"\"\u{E9}\r\n\n\u{E9}\"bcb\r\n,bcb\r",
            [
                (1, [], .textAfterQuote),
                (3, ["\u{E9}\"bcb"], nil),
                (4, ["", "bcb"], nil),
            ]
        ),
        (
            "  \n \r\nb\r\n\r\n\n\r\n b\u{E9}\u{E9}\r\n\u{E9}a",
            [
                (1, ["  "], nil),
                (2, [" "], nil),
                (3, ["b"], nil),
                (7, [" b\u{E9}\u{E9}"], nil),
                (8, ["\u{E9}a"], nil),
            ]
        ),
        (
            "\"\r\n,bc\n\n  \n\"bc\"\r\n\r\n",
            [
                (1, [], .unterminatedQuote),
                (2, ["", "bc"], nil),
                (4, ["  "], nil),
                (5, ["bc"], nil),
            ]
        ),
    ]

    private static let random2: [Case] = [
        ("\r\nabcb", [(2, ["abcb"], nil)]),
        (
            "\r\nbbc\"\"\"b \r,\n\u{E9} \"\r\n\u{E9}b\" ",
            [
                (2, ["bbc\"\"\"b "], nil),
                (3, ["", ""], nil),
                (4, ["\u{E9} \""], nil),
                (5, ["\u{E9}b\" "], nil),
            ]
        ),
        ("bc\" bbc\n,\"\"\r\n\nb ", [(1, ["bc\" bbc"], nil), (2, ["", ""], nil), (4, ["b "], nil)]),
        ("\r\n \"\r\n", [(2, [" \""], nil)]),
        (
            "\"\",\r\"\"a\"\r \r\n,\u{E9}",
            [
                (1, ["", ""], nil),
                (2, [], .textAfterQuote),
                (3, [" "], nil),
                (4, ["", "\u{E9}"], nil),
            ]
        ),
        (
            "\nbaa\r\n\u{E9}a\r  a \rbca\n",
            [
                (2, ["baa"], nil),
                (3, ["\u{E9}a"], nil),
                (4, ["  a "], nil),
                (5, ["bca"], nil),
            ]
        ),
        ("\r\ra", [(3, ["a"], nil)]),
        ("\r\na\r\n", [(2, ["a"], nil)]),
        ("a\n\"\u{E9}abc\"\na\"", [(1, ["a"], nil), (2, ["\u{E9}abc"], nil), (3, ["a\""], nil)]),
        (
            ",a\ra\u{E9}\n\n\r\u{E9}bb\"\rbbcbca",
            [
                (1, ["", "a"], nil),
                (2, ["a\u{E9}"], nil),
                (5, ["\u{E9}bb\""], nil),
                (6, ["bbcbca"], nil),
            ]
        ),
        (" bc ", [(1, [" bc "], nil)]),
        ("\nabc\"a\nb", [(2, ["abc\"a"], nil), (3, ["b"], nil)]),
        (
            " bc \u{E9}bbc\n\u{E9},\r\n,,\u{E9},\r\n\r\n\n\r\n",
            [
                (1, [" bc \u{E9}bbc"], nil),
                (2, ["\u{E9}", ""], nil),
                (3, ["", "", "\u{E9}", ""], nil),
            ]
        ),
        (
            "\na\"\" ,\r\na,bbb \nb \nbc\r\n\rbbc",
            [
                (2, ["a\"\" ", ""], nil),
                (3, ["a", "bbb "], nil),
                (4, ["b "], nil),
                (5, ["bc"], nil),
                (7, ["bbc"], nil),
            ]
        ),
        ("\n \", \"\rba\n", [(2, [" \"", " \""], nil), (3, ["ba"], nil)]),
    ]

    private static let random3: [Case] = [
        ("\"\r\n\n,,bc\"bc", [(1, [], .unterminatedQuote), (3, ["", "", "bc\"bc"], nil)]),
        ("b, a\r\n\u{E9}", [(1, ["b", " a"], nil), (2, ["\u{E9}"], nil)]),
        (
            "\"abbc\na\n\"\r\n,\r\n\n \"b\u{E9}bb \"a",
            [
                (1, ["abbc\na\n"], nil),
                (4, ["", ""], nil),
                (6, [" \"b\u{E9}bb \"a"], nil),
            ]
        ),
        ("\u{E9} b bb,bbcbca\u{E9}bc\r", [(1, ["\u{E9} b bb", "bbcbca\u{E9}bc"], nil)]),
        (
            "\u{E9}bca\"\"bc\r\na\n\r\u{E9}a\"\u{E9}\n\n",
            [
                (1, ["\u{E9}bca\"\"bc"], nil),
                (2, ["a"], nil),
                (4, ["\u{E9}a\"\u{E9}"], nil),
            ]
        ),
        ("aa \"\u{E9}bc", [(1, ["aa \"\u{E9}bc"], nil)]),
        ("\"bca\u{E9} \",", [(1, ["bca\u{E9} ", ""], nil)]),
        ("\r,b, \u{E9}bc\u{E9} ,,", [(2, ["", "b", " \u{E9}bc\u{E9} ", "", ""], nil)]),
        (
            "a\"a \u{E9}\"\n\n\"  \n\"\n \r\n\u{E9}",
            [
                (1, ["a\"a \u{E9}\""], nil),
                (3, ["  \n"], nil),
                (5, [" "], nil),
                (6, ["\u{E9}"], nil),
            ]
        ),
        ("\rb\r\n\u{E9}b ", [(2, ["b"], nil), (3, ["\u{E9}b "], nil)]),
        ("a\" a,", [(1, ["a\" a", ""], nil)]),
        (
            "a\"\r\n\"\r\n\rbc\"\nb,bc\u{E9}\u{E9},\r\n\r\u{E9}\u{E9}\"\"\u{E9}",
            [
                (1, ["a\""], nil),
                (2, ["\r\n\rbc"], nil),
                (5, ["b", "bc\u{E9}\u{E9}", ""], nil),
                (7, ["\u{E9}\u{E9}\"\"\u{E9}"], nil),
            ]
        ),
        (
            "\"\u{E9}\r\nbcbc\r\n\n\r bc\n\"a\"\r\nb,",
            [
                (1, [], .unterminatedQuote),
                (2, ["bcbc"], nil),
                (5, [" bc"], nil),
                (6, ["a"], nil),
                (7, ["b", ""], nil),
            ]
        ),
        ("\n  \na\"\"\"\",", [(2, ["  "], nil), (3, ["a\"\"\"\"", ""], nil)]),
        ("\n\"a\r bc\n\n\"\"\r\n\u{E9}a\"", [(2, ["a\r bc\n\n\"\r\n\u{E9}a"], nil)]),
    ]

    private static let random4: [Case] = [
        ("bcbbc,a b,", [(1, ["bcbbc", "a b", ""], nil)]),
        (
            " \nb,\"\r\"\r\r\n bc\u{E9}\r\nbbca\n\r\n",
            [
                (1, [" "], nil),
                (2, ["b", "\r"], nil),
                (5, [" bc\u{E9}"], nil),
                (6, ["bbca"], nil),
            ]
        ),
        ("a\n\r\n\r\"\r\n \n\n\"\r\n", [(1, ["a"], nil), (4, ["\r\n \n\n"], nil)]),
        // Here Python refuses the space after the quote.
        ("\n,,b \n\"aa\r\n\" \r\n \"", [(2, ["", "", "b "], nil), (3, ["aa\r\n"], nil), (5, [" \""], nil)]),
        (
            "bc\u{E9}\r\r\n,\n,\r\"\"a",
            [
                (1, ["bc\u{E9}"], nil),
                (3, ["", ""], nil),
                (4, ["", ""], nil),
                (5, [], .textAfterQuote),
            ]
        ),
        (
            "a\r\n b,bc\rb\u{E9}\r\n b",
            [
                (1, ["a"], nil),
                (2, [" b", "bc"], nil),
                (3, ["b\u{E9}"], nil),
                (4, [" b"], nil),
            ]
        ),
        (
            "b,,bc\r\r aa\r\u{E9}\n \"\n\r\n\r\n\nbc\u{E9} \u{E9}",
            [
                (1, ["b", "", "bc"], nil),
                (3, [" aa"], nil),
                (4, ["\u{E9}"], nil),
                (5, [" \""], nil),
                (9, ["bc\u{E9} \u{E9}"], nil),
            ]
        ),
        (
            "bcbc\r\r\n\r\n\r\",\u{E9}\"b ab  \n \nbc ",
            [
                (1, ["bcbc"], nil),
                (5, [], .textAfterQuote),
                (6, [" "], nil),
                (7, ["bc "], nil),
            ]
        ),
        (
            ",b\n\r\n\u{E9},,b\r\n \n\u{E9}\r",
            [
                (1, ["", "b"], nil),
                (3, ["\u{E9}", "", "b"], nil),
                (4, [" "], nil),
                (5, ["\u{E9}"], nil),
            ]
        ),
        (
            "bc\u{E9}\rbcaa,\na,\rbbc\r\r\na\"",
            [
                (1, ["bc\u{E9}"], nil),
                (2, ["bcaa", ""], nil),
                (3, ["a", ""], nil),
                (4, ["bbc"], nil),
                (6, ["a\""], nil),
            ]
        ),
        (" \",\u{E9}", [(1, [" \"", "\u{E9}"], nil)]),
        ("\"\"\"\"\r\n\"\u{E9}a\r\"\n,", [(1, ["\""], nil), (2, ["\u{E9}a\r"], nil), (4, ["", ""], nil)]),
        (
            "a \r\u{E9}bc\r \n\"aa\r\r\n \r\"b\r\na\nb",
            [
                (1, ["a "], nil),
                (2, ["\u{E9}bc"], nil),
                (3, [" "], nil),
                (4, [], .unterminatedQuote),
                (6, [" "], nil),
                (7, [], .unterminatedQuote),
                (8, ["a"], nil),
                (9, ["b"], nil),
            ]
        ),
        ("\" \"\rbc\"\"", [(1, [" "], nil), (2, ["bc\"\""], nil)]),
        (
            "\u{E9}\u{E9} a\na\"\n \r\nb\u{E9}",
            [
                (1, ["\u{E9}\u{E9} a"], nil),
                (2, ["a\""], nil),
                (3, [" "], nil),
                (4, ["b\u{E9}"], nil),
            ]
        ),
    ]
}
