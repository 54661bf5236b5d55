import Foundation

extension Mapping {
    /// Loads a mapping by the path of its file or by the name of a built-in one.
    ///
    /// - Parameters:
    ///   - nameOrPath: A path when it has a slash or ends in `.yaml` or `.yml`, otherwise the name of a file in
    ///     `directory`.
    ///   - directory: The folder of the built-in mappings.
    ///   - places: A file of places that replaces the one that the mapping names.
    package static func load(
        _ nameOrPath: String, builtInDirectory directory: String, places: String? = nil
    ) throws(FeedError) -> Mapping {
        let isPath = nameOrPath.contains("/") || [".yaml", ".yml"].contains { nameOrPath.hasSuffix($0) }
        let path = isPath ? nameOrPath : "\(directory)/\(nameOrPath).yaml"
        guard isPath || FileManager.default.fileExists(atPath: path) else {
            let known = builtInNames(in: directory).joined(separator: ", ")
            throw FeedError(
                .mapping, file: nameOrPath,
                "is not a built-in mapping; these are: \(known). The name of a file ends in .yaml.")
        }
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw FeedError(.mapping, file: path, "cannot be read: \(error.localizedDescription)")
        }
        // A built-in mapping is shown by its name, because its path is of no use to a client.
        var mapping = try Mapping(yaml: text, file: isPath ? path : "\(nameOrPath).yaml")
        try mapping.readPlaces(instead: places, folder: URL(filePath: path).deletingLastPathComponent())
        return mapping
    }

    private mutating func readPlaces(instead: String?, folder: URL) throws(FeedError) {
        if case .area(let column, var areas) = coordinates.place {
            guard let path = instead ?? areas.places.map({ URL(filePath: $0.file, relativeTo: folder).path }),
                instead != nil || FileManager.default.fileExists(atPath: path)
            else { return }
            let table = try PlaceTable(try EventFile(path: path))
            if areas.places == nil { areas.places = NamedPlaces(file: path, line: nil, isOptional: true) }
            areas.places?.table = table
            // A file that somebody names comes before the layer.
            if instead != nil { areas.table = table }
            coordinates.place = .area(column, areas)
            return
        }
        guard case .name(let column, var named) = coordinates.place else {
            guard instead == nil else {
                throw FeedError(
                    .mapping, file: file,
                    "has neither coordinates.place: nor coordinates.area:, so it cannot use a file of places")
            }
            return
        }
        let path = instead ?? URL(filePath: named.file, relativeTo: folder).path
        if instead == nil, !FileManager.default.fileExists(atPath: path) {
            guard named.isOptional else {
                throw FeedError(
                    .mapping, file: file, line: named.line, "coordinates.places: there is no file \(named.file)")
            }
            return
        }
        named.table = try PlaceTable(try EventFile(path: path))
        coordinates.place = .name(column, named)
    }

    /// The names of the built-in mappings, sorted.
    package static func builtInNames(in directory: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }
}
