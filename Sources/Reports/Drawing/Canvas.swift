import CPango

/// A page that is drawn on: shapes, in points from the upper left corner. Texts are in `Canvas+Text.swift`.
///
/// Faults of cairo are sticky: after the first one nothing more is drawn, and the surface tells at its end.
final class Canvas {
    let cairo: OpaquePointer
    let fonts: DrawingFonts
    /// The context of Pango.
    let texts: OpaquePointer

    struct Point: Hashable {
        var x: Double
        var y: Double
    }

    struct Rectangle: Hashable {
        var x: Double
        var y: Double
        var width: Double
        var height: Double

        var right: Double { x + width }
        var bottom: Double { y + height }

        func overlaps(_ other: Rectangle) -> Bool {
            x < other.right && other.x < right && y < other.bottom && other.y < bottom
        }

        func contains(_ other: Rectangle) -> Bool {
            x <= other.x && y <= other.y && other.right <= right && other.bottom <= bottom
        }
    }

    /// - Parameters:
    ///   - surface: A surface of cairo, which must live longer.
    ///   - scale: The pixels of a point.
    /// - Throws: ``DrawingError`` without memory.
    init(on surface: OpaquePointer, scale: Double, fonts: DrawingFonts) throws(DrawingError) {
        guard let cairo = cairo_create(surface), let texts = fonts.context() else {
            throw DrawingError(description: "there is no memory for a drawing")
        }
        self.cairo = cairo
        self.fonts = fonts
        self.texts = texts
        cairo_scale(cairo, scale, scale)
        pango_cairo_update_context(cairo, texts)
        // Letters stand where they stand at any resolution, so that all forms of a report have the same lines.
        let options = cairo_font_options_create()
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(texts, options)
        cairo_font_options_destroy(options)
        pango_context_set_round_glyph_positions(texts, 0)
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(texts))
        cairo_destroy(cairo)
    }

    /// - Throws: ``DrawingError`` with the first fault of what was drawn.
    func check() throws(DrawingError) {
        let status = cairo_status(cairo)
        guard status == CAIRO_STATUS_SUCCESS else {
            throw DrawingError(description: "cairo: \(String(cString: cairo_status_to_string(status)))")
        }
    }

    func finishPage() { cairo_show_page(cairo) }

    func fill(_ rectangle: Rectangle, _ colour: Colour) {
        use(colour)
        cairo_rectangle(cairo, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
        cairo_fill(cairo)
    }

    func stroke(_ rectangle: Rectangle, _ colour: Colour, width: Double = 0.5) {
        use(colour)
        cairo_set_line_width(cairo, width)
        cairo_rectangle(cairo, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
        cairo_stroke(cairo)
    }

    func line(from: Point, to: Point, _ colour: Colour, width: Double = 0.5) {
        use(colour)
        cairo_set_line_width(cairo, width)
        cairo_move_to(cairo, from.x, from.y)
        cairo_line_to(cairo, to.x, to.y)
        cairo_stroke(cairo)
    }

    /// Draws closed rings as one shape: filled, and with a line around each ring.
    func rings(_ rings: [[Point]], fill: Colour?, line: Colour?, width: Double = 0.5) {
        guard fill != nil || line != nil else { return }
        for ring in rings {
            guard let first = ring.first else { continue }
            cairo_move_to(cairo, first.x, first.y)
            for point in ring.dropFirst() { cairo_line_to(cairo, point.x, point.y) }
            cairo_close_path(cairo)
        }
        if let fill {
            use(fill)
            cairo_fill_preserve(cairo)
        }
        if let line {
            use(line)
            cairo_set_line_width(cairo, width)
            cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND)
            cairo_stroke_preserve(cairo)
        }
        cairo_new_path(cairo)
    }

    /// Draws within a rectangle and nowhere else.
    func clipped(to rectangle: Rectangle, _ draw: () -> Void) {
        cairo_save(cairo)
        cairo_rectangle(cairo, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
        cairo_clip(cairo)
        draw()
        cairo_restore(cairo)
    }

    func use(_ colour: Colour) {
        cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue)
    }
}
