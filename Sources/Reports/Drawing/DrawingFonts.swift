import CPango

/// The fonts of a thread that draws. They keep what was loaded, so the second report is drawn much faster than the
/// first.
///
/// Pango and Fontconfig may be used on several threads, but a font map only on one at a time. So this type is not
/// `Sendable`, and every thread makes its own.
package final class DrawingFonts {
    /// The family that has Latin, Greek, Cyrillic, Hebrew and Arabic letters. Others come from the fonts of the system.
    package static let family = "DejaVu Sans"

    private let map: UnsafeMutablePointer<PangoFontMap>
    private var descriptions: [Style: OpaquePointer] = [:]

    struct Style: Hashable {
        /// The size in points.
        let size: Double
        let isBold: Bool
    }

    /// - Throws: ``DrawingError`` without fonts of FreeType.
    package init() throws(DrawingError) {
        guard let map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT) else {
            throw DrawingError(description: "cairo was built without fonts of FreeType")
        }
        self.map = map
    }

    deinit {
        for description in descriptions.values { pango_font_description_free(description) }
        g_object_unref(map)
    }

    /// A context for the texts of one drawing. The caller frees it.
    func context() -> OpaquePointer? { pango_font_map_create_context(map) }

    func description(_ style: Style) -> OpaquePointer? {
        if let known = descriptions[style] { return known }
        guard let made = pango_font_description_new() else { return nil }
        pango_font_description_set_family(made, Self.family)
        // An absolute size does not depend on the resolution of the form that is drawn.
        pango_font_description_set_absolute_size(made, style.size * Double(PANGO_SCALE))
        pango_font_description_set_weight(made, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        descriptions[style] = made
        return made
    }
}
