import CProj
import Synchronization

/// Converts coordinates of one reference system to WGS 84 with PROJ.
final class Projection: Sendable {
    struct Refusal: Error {
        let problem: String
    }

    /// The name as the mapping writes it, such as `EPSG:27700`.
    let name: String
    /// The transformations that are not in use. There are as many as threads that decode at a time, so none waits for
    /// another.
    private let idle: Mutex<[Transformation]>

    /// - Parameter name: The code of an authority, or any other definition that PROJ knows.
    init(_ name: String) throws(Refusal) {
        self.name = name
        guard let transformation = Transformation(from: name) else {
            throw Refusal(
                problem: "\"\(name)\" is not a reference system that PROJ knows, such as EPSG:27700 or EPSG:32633")
        }
        idle = Mutex([transformation])
    }

    /// The longitude and latitude in degrees; nil where the system has no such place.
    ///
    /// - Parameters:
    ///   - x: The easting, or the longitude of a geographic system.
    ///   - y: The northing, or the latitude.
    func degrees(x: Double, y: Double) -> (longitude: Double, latitude: Double)? {
        guard let transformation = idle.withLock({ $0.popLast() }) ?? Transformation(from: name) else {
            preconditionFailure("PROJ made \(name) before and cannot make it again: out of memory or of open files")
        }
        defer { idle.withLock { $0.append(transformation) } }
        return transformation.degrees(x: x, y: y)
    }

    /// PROJ's objects, each of which only one thread may use at a time (proj.org, "Known differences", thread safety).
    ///
    /// `@unchecked Sendable`: a thread that uses one has taken it out of `idle`, so no other thread has it.
    private final class Transformation: @unchecked Sendable {
        private let context: OpaquePointer
        private let operation: OpaquePointer

        init?(from name: String) {
            guard let context = proj_context_create() else { return nil }
            proj_context_set_enable_network(context, 0)
            proj_log_level(context, PJ_LOG_NONE)
            guard let found = proj_create_crs_to_crs(context, name, "EPSG:4326", nil) else {
                proj_context_destroy(context)
                return nil
            }
            // Otherwise the system's own order of axes is used, which for some is north before east.
            let normalized = proj_normalize_for_visualization(context, found)
            proj_destroy(found)
            guard let normalized else {
                proj_context_destroy(context)
                return nil
            }
            self.context = context
            operation = normalized
        }

        deinit {
            proj_destroy(operation)
            proj_context_destroy(context)
        }

        func degrees(x: Double, y: Double) -> (longitude: Double, latitude: Double)? {
            let result = proj_trans(operation, PJ_FWD, proj_coord(x, y, 0, 0))
            guard result.xy.x.isFinite, result.xy.y.isFinite else { return nil }
            return (result.xy.x, result.xy.y)
        }
    }
}
