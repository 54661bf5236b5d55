import H3

/// A line of `hextant h3 cell`: latitude, longitude, resolution.
enum H3CellLine {
    static func answer(_ line: Substring) -> String {
        let fields = line.split { $0 == " " || $0 == "\t" }
        guard fields.count == 3 else { return "ERR expected latitude, longitude and resolution" }
        guard let latitude = Double(fields[0]) else { return "ERR the latitude is not a number" }
        guard let longitude = Double(fields[1]) else { return "ERR the longitude is not a number" }
        guard let number = Int(fields[2]) else { return "ERR the resolution is not a whole number" }
        do {
            let resolution = try Resolution(number)
            return try H3Cell(latitude: latitude, longitude: longitude, resolution: resolution).description
        } catch {
            return "ERR \(error)"
        }
    }
}
