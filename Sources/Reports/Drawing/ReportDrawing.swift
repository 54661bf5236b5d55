import CPango
import Domain

/// Draws reports in one of their forms. The bytes follow from the report alone: there are no random ids, and the date
/// of a file is that of its data.
///
/// It is not `Sendable`, because its fonts belong to one thread.
package struct ReportDrawing {
    private let fonts: DrawingFonts

    /// The pixels of a point in a picture: 150 an inch.
    private static let pictureScale = 150.0 / 72
    private static let creator = "Hextant"

    /// - Throws: ``DrawingError``.
    package init() throws(DrawingError) {
        fonts = try DrawingFonts()
    }

    /// - Throws: ``DrawingError``.
    package func bytes(
        of data: ReportData, _ format: ReportFormat, _ language: ReportLanguage, _ paper: ReportPaper
    ) throws(DrawingError) -> [UInt8] {
        let page = ReportPage(data, language)
        let sink = ByteSink()
        let closure = Unmanaged.passUnretained(sink).toOpaque()
        let surface =
            switch format {
            case .pdf: cairo_pdf_surface_create_for_stream(ByteSink.write, closure, paper.width, paper.height)
            case .svg: cairo_svg_surface_create_for_stream(ByteSink.write, closure, paper.width, paper.height)
            case .png:
                cairo_image_surface_create(
                    CAIRO_FORMAT_RGB24, Int32((paper.width * Self.pictureScale).rounded()),
                    Int32((paper.height * Self.pictureScale).rounded()))
            }
        guard let surface else { throw DrawingError(description: "cairo made no surface") }
        // The sink is used until the surface is gone.
        defer {
            cairo_surface_destroy(surface)
            withExtendedLifetime(sink) {}
        }
        if format == .pdf { describe(surface, page) }
        let canvas = try Canvas(on: surface, scale: format == .png ? Self.pictureScale : 1, fonts: fonts)
        PageLayout(page, data.map, on: canvas, paper).draw()
        canvas.finishPage()
        try canvas.check()
        if format == .png {
            try Self.check(cairo_surface_write_to_png_stream(surface, ByteSink.write, closure))
        }
        cairo_surface_finish(surface)
        try Self.check(cairo_surface_status(surface))
        return format == .svg ? SVGText(sink.bytes, title: page.title).bytes : sink.bytes
    }

    private func describe(_ surface: OpaquePointer, _ page: ReportPage) {
        let date = "\(page.date)T00:00:00Z"
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, page.title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, page.subtitle)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, page.author)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, Self.creator)
    }

    private static func check(_ status: cairo_status_t) throws(DrawingError) {
        guard status == CAIRO_STATUS_SUCCESS else {
            throw DrawingError(description: "cairo: \(String(cString: cairo_status_to_string(status)))")
        }
    }
}

/// The bytes that cairo writes.
private final class ByteSink {
    var bytes: [UInt8] = []

    /// The function that cairo calls with the sink as its first argument.
    static let write: cairo_write_func_t = { closure, data, length in
        guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
        Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue().bytes
            .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
        return CAIRO_STATUS_SUCCESS
    }
}
