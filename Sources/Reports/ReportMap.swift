package import Domain
package import H3

/// How a cell is drawn and called. Classes of the outlook are grouped as on the map page.
package enum CellLook: String, CaseIterable, Sendable {
    case new
    case growing
    case steady
    case fading
    case cold
    /// A cell of the study area that is neither hot nor cold.
    case none
    case low
    case medium
    case high
    case critical

    package init(_ hotSpotClass: HotSpotClass) {
        self =
            switch hotSpotClass {
            case .newHot, .consecutiveHot: .new
            case .intensifyingHot: .growing
            case .persistentHot: .steady
            case .sporadicHot, .oscillatingHot, .diminishingHot, .historicalHot: .fading
            case .none: .none
            default: .cold
            }
    }

    package init(_ level: RiskLevel) {
        self =
            switch level {
            case .low: .low
            case .medium: .medium
            case .high: .high
            case .critical: .critical
            }
    }

    /// Whether it is one of an outlook, and not a level of scores.
    package var isOfOutlook: Bool { ![.low, .medium, .high, .critical].contains(self) }
}

/// The map of a report.
package struct ReportMap: Sendable {
    package struct Cell: Hashable, Sendable {
        package var cell: H3Cell
        package var look: CellLook

        package init(cell: H3Cell, look: CellLook) {
            self.cell = cell
            self.look = look
        }
    }

    /// An area with its name and where that is written.
    package struct Border: Sendable {
        package var name: String
        package var label: Area.Place
        package var outline: AreaOutline

        package init(name: String, label: Area.Place, outline: AreaOutline) {
            self.name = name
            self.label = label
            self.outline = outline
        }
    }

    /// The most cells and areas of a map.
    package static let mostCells = 20_000
    package static let mostBorders = 400

    /// The resolution of the cells; `nil` without any.
    package var resolution: Int?
    package var cells: [Cell]
    /// Whether there are more cells than the map may have, so that those with the fewest expected events are missing.
    package var isCut: Bool
    package var borders: [Border]
    /// The outline of the area that the report is of.
    package var focus: AreaOutline?
    /// The cell that the report is of.
    package var chosen: H3Cell?
    /// The box that is shown; by default that of cells and borders.
    package var frame: BoundingBox?

    package init(
        resolution: Int? = nil, cells: [Cell] = [], isCut: Bool = false, borders: [Border] = [],
        focus: AreaOutline? = nil, chosen: H3Cell? = nil, frame: BoundingBox? = nil
    ) {
        self.resolution = resolution
        self.cells = cells
        self.isCut = isCut
        self.borders = borders
        self.focus = focus
        self.chosen = chosen
        self.frame = frame
    }
}
