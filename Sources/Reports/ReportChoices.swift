/// The forms in which a report is given. All three are made by the same drawing.
package enum ReportFormat: String, CaseIterable, Sendable {
    case pdf
    case svg
    case png

    package var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .svg: "image/svg+xml"
        case .png: "image/png"
        }
    }
}

/// The languages that reports are written in.
package enum ReportLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case french = "fr"
}

/// The sizes of paper.
package enum ReportPaper: String, CaseIterable, Sendable {
    case a4
    case letter

    /// The width in points, 72 an inch.
    package var width: Double { self == .a4 ? 595 : 612 }

    package var height: Double { self == .a4 ? 842 : 792 }
}
