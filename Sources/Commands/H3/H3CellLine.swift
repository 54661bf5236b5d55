import H3

/// A line of `hextant h3 cell`: latitude, longitude, resolution.
enum H3CellLine {
    static func answer(_ line: Substring) -> String {
        let fields = line.split { $0 == " " || $0 == "\t" }
        guard fields.count == 3 else { return "ERR expected latitude, longitude and resolution" }
        guard let latitude = Double(fields[0]) else { return "ERR the latitude is not a number" }
        guard let longitude = Double(fields[1]) else { return "ERR the longitude is not a number" }
        guard let number = Int(fields[2]) else { return "ERR the resolution is not a whole number" }
        guard let resolution = try? Resolution(number) else { return "ERR the resolution is outside 0...15" }
        guard let cell = try? H3Cell(latitude: latitude, longitude: longitude, resolution: resolution) else {
            return "ERR the latitude or longitude is not a finite number"
        }
        return cell.description
    }
}
