import CProj

/// Converts positions of a reference system to longitudes and latitudes of WGS 84, with PROJ.
///
/// One thread at a time may use it (proj.org, "Known differences", thread safety).
final class Reprojection {
    /// The name that PROJ has for the system, with its code if it has one, such as `NZGD2000 (EPSG:4167)`.
    let name: String
    private let definition: String
    private let context: OpaquePointer
    private let operation: OpaquePointer
    /// Whether positions are in WGS 84 already, so that they stay as they are.
    let isIdentity: Bool

    /// - Parameter definition: A code such as `EPSG:27700`, well-known text, or another definition that PROJ reads.
    init(from definition: String) throws(Fault) {
        guard let context = proj_context_create() else { throw Fault("PROJ cannot be used: out of memory", .reference) }
        proj_context_set_enable_network(context, 0)
        proj_log_level(context, PJ_LOG_NONE)
        var owned: [OpaquePointer] = []
        defer { for object in owned { proj_destroy(object) } }
        func fail(_ problem: String) -> Fault {
            for object in owned { proj_destroy(object) }
            owned = []
            proj_context_destroy(context)
            return Fault(problem, .reference)
        }
        let shown = definition.count > 60 ? "\(definition.prefix(57))..." : definition
        guard let source = proj_create(context, definition) else {
            throw fail("\"\(shown)\" is not a reference system that PROJ knows, such as EPSG:27700")
        }
        owned.append(source)
        guard proj_is_crs(source) != 0, proj_get_type(source) != PJ_TYPE_ENGINEERING_CRS else {
            throw fail("\"\(shown)\" is not a reference system with a place on the Earth")
        }
        guard let target = proj_create(context, "EPSG:4326") else {
            throw fail("PROJ does not find its database (proj.db), so it knows no reference system: install proj-data")
        }
        owned.append(target)
        guard let found = proj_create_crs_to_crs_from_pj(context, source, target, nil, nil) else {
            throw fail("PROJ knows no way from \"\(shown)\" to WGS 84")
        }
        owned.append(found)
        // Otherwise the system's own order of axes is used, which for some is north before east. Files of every kind
        // have east first, whatever their system says.
        guard let operation = proj_normalize_for_visualization(context, found) else {
            throw fail("PROJ knows no way from \"\(shown)\" to WGS 84")
        }
        isIdentity =
            proj_is_equivalent_to_with_ctx(
                context, source, target, PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS) != 0
        var name = proj_get_name(source).map { String(cString: $0) } ?? shown
        if let authority = proj_get_id_auth_name(source, 0), let code = proj_get_id_code(source, 0) {
            name += " (\(String(cString: authority)):\(String(cString: code)))"
        }
        self.name = name
        self.definition = shown
        self.context = context
        self.operation = operation
    }

    deinit {
        proj_destroy(operation)
        proj_context_destroy(context)
    }

    /// The geometry in degrees.
    /// - Throws: `Fault` for a position that the system does not have.
    func degrees(_ geometry: Geometry) throws(Fault) -> Geometry {
        if isIdentity {
            try geometry.forEachPart { (part: [Position], _) throws(Fault) in try check(part, before: part) }
            return geometry
        }
        return try geometry.mapParts { (part: [Position], _) throws(Fault) in
            var result = part
            result.withUnsafeMutableBytes { raw in
                let stride = MemoryLayout<Position>.stride
                guard let x = raw.baseAddress?.assumingMemoryBound(to: Double.self) else { return }
                proj_errno_reset(operation)
                proj_trans_generic(
                    operation, PJ_FWD, x, stride, part.count, x + 1, stride, part.count, nil, 0, 0, nil, 0, 0)
            }
            try check(result, before: part)
            return result
        }
    }

    private func check(_ positions: [Position], before: [Position]) throws(Fault) {
        for (index, position) in positions.enumerated() {
            guard abs(position.x) <= 540, abs(position.y) <= 90 else {
                let (x, y) = (before[index].x, before[index].y)
                throw Fault(
                    "has the position (\(x), \(y)), which is not a place in \(name); state the right system with --crs",
                    .reference)
            }
        }
    }
}
