import ArgumentParser

struct H3Command: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "h3",
        abstract: "Calculate with the H3 grid.",
        discussion: "Both commands read lines from standard input and answer each one with a line, in order.",
        subcommands: [Cell.self, Call.self])

    struct Cell: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cell",
            abstract: "Print the cell of each point.",
            discussion: """
                A line has latitude and longitude in degrees and the resolution, 0 to 15: 43.65 -79.38 9. The answer \
                is the cell as hexadecimal digits, or ERR and the reason.
                """)

        func run() throws { try H3LineStream.answer(H3CellLine.answer) }
    }

    struct Call: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "call",
            abstract: "Call any function of the H3 library by its C name.",
            discussion: """
                A line is {"f": NAME, "args": [...]}; the answer is {"ok": RESULT} or {"err": "E_..."}. Indexes are \
                hexadecimal strings, angles degrees, polygons GeoJSON coordinates. docs/h3.md lists the functions.
                """)

        func run() throws { try H3LineStream.answer(H3Call.answer) }
    }
}
