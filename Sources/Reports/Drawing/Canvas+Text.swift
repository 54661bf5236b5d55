import CPango

extension Canvas {
    enum Alignment {
        case left
        case right
        case centre
    }

    /// How a text is set.
    struct TextStyle {
        /// In points.
        var size: Double
        var isBold = false
        var colour = Colour.ink
        var alignment = Alignment.left
        /// The most lines; what does not fit ends with an ellipsis.
        var lines = 1
        /// Whether it comes from data, such as a name: its direction is that of its letters. Sentences of ours run from
        /// left to right whatever names are in them.
        var isData = false
        /// Whether letters have a light edge, for names on a map.
        var hasHalo = false

        static func small(_ colour: Colour = .soft) -> Self { Self(size: 7, colour: colour) }
    }

    /// Draws a text.
    /// - Parameters:
    ///   - x: The left edge; so it is for texts that run from right to left.
    ///   - y: The upper edge of the first line.
    ///   - width: The width in which lines break and are aligned.
    /// - Returns: The width and the height of what was drawn.
    @discardableResult
    func text(
        _ text: String, x: Double, y: Double, width: Double, _ style: TextStyle
    ) -> (width: Double, height: Double) {
        laidOut(text, width: width, style) { layout in
            let size = Self.size(of: layout)
            cairo_move_to(cairo, x, y)
            if style.hasHalo {
                pango_cairo_layout_path(cairo, layout)
                use(.paper)
                cairo_set_line_width(cairo, 1.6)
                cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND)
                cairo_stroke(cairo)
                cairo_move_to(cairo, x, y)
            }
            use(style.colour)
            pango_cairo_show_layout(cairo, layout)
            return size
        } ?? (0, 0)
    }

    /// The width and the height that a text would take.
    func measure(_ text: String, width: Double, _ style: TextStyle) -> (width: Double, height: Double) {
        laidOut(text, width: width, style, Self.size) ?? (0, 0)
    }

    private static func size(of layout: OpaquePointer) -> (width: Double, height: Double) {
        var ink = PangoRectangle()
        var logical = PangoRectangle()
        pango_layout_get_extents(layout, &ink, &logical)
        return (Double(logical.width) / Double(PANGO_SCALE), Double(logical.height) / Double(PANGO_SCALE))
    }

    private func laidOut<Result>(
        _ text: String, width: Double, _ style: TextStyle, _ body: (OpaquePointer) -> Result
    ) -> Result? {
        guard let layout = pango_layout_new(texts) else { return nil }
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        // No line of a report holds more, and laying out takes time by the length.
        let shown = text.count > Self.longestText ? String(text.prefix(Self.longestText)) + "\u{2026}" : text
        let length = Int32(shown.utf8.count)
        pango_layout_set_text(layout, shown, length)
        pango_layout_set_font_description(
            layout, fonts.description(.init(size: style.size, isBold: style.isBold)))
        pango_layout_set_width(layout, Int32(max(0, width) * Double(PANGO_SCALE)))
        pango_layout_set_height(layout, -Int32(style.lines))
        // The limit of lines is one for each paragraph.
        pango_layout_set_single_paragraph_mode(layout, 1)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
        pango_layout_set_auto_dir(layout, style.isData ? 1 : 0)
        // Pango swaps left and right in paragraphs that run from right to left.
        let isSwapped =
            style.isData
            && pango_layout_get_line_readonly(layout, 0).map(pango_layout_line_get_resolved_direction)
                == PANGO_DIRECTION_RTL
        let alignment =
            switch style.alignment {
            case .left: isSwapped ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT
            case .right: isSwapped ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT
            case .centre: PANGO_ALIGN_CENTER
            }
        pango_layout_set_alignment(layout, alignment)
        return body(layout)
    }

    private static let longestText = 1500
}
