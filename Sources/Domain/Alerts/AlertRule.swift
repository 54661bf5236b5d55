package import H3

/// A rule of a dataset: what people want to hear of, and where.
package struct AlertRule: Hashable, Sendable {
    /// The condition of a rule. The raw value is its word in files and answers.
    package enum Condition: Hashable, Sendable {
        /// A cell's class in the outlook becomes one of these.
        case classes(Set<String>)
        /// A cell has more events than the upper end of the 90 % interval of its forecast, and at least this many.
        case forecast(least: Int)
        /// At least this many cells are unusual on the last day that is served.
        case unusual(least: Int)
        /// Fewer cells than this have events on the last day that is served.
        case rows(below: Int)
        /// The last day that is served is more than this many days ago.
        case stale(days: Int)

        /// The word in files and answers.
        package var name: String {
            switch self {
            case .classes: "class"
            case .forecast: "forecast"
            case .unusual: "unusual"
            case .rows: "rows"
            case .stale: "stale"
            }
        }

        package static let names = ["class", "forecast", "unusual", "rows", "stale"]
    }

    package var dataset: Slug
    /// The name, unique in its dataset; it has the form of a slug.
    package var name: String
    package var condition: Condition
    /// The resolution of the cells; `nil` for the finest that the dataset is scored at.
    package var resolution: Int?
    package var webhook: AlertWebhook?

    package init(
        dataset: Slug, name: String, condition: Condition, resolution: Int? = nil, webhook: AlertWebhook? = nil
    ) {
        self.dataset = dataset
        self.name = name
        self.condition = condition
        self.resolution = resolution
        self.webhook = webhook
    }
}

/// Where alerts go to.
package struct AlertWebhook: Hashable, Sendable {
    /// An address with https; `${NAME}` stands for the environment variable `HEXTANT_SECRET_NAME`.
    package var url: String
    /// The name of the secret that signs what is sent, without `HEXTANT_SECRET_`.
    package var secret: String
    /// Whether the address may be one of a private network or this machine.
    package var allowPrivate: Bool

    package init(url: String, secret: String = "ALERTS", allowPrivate: Bool = false) {
        self.url = url
        self.secret = secret
        self.allowPrivate = allowPrivate
    }
}

/// The view of a rule: a dataset at a resolution, as it is served now.
package struct AlertSnapshot: Hashable, Sendable {
    /// A cell that some rule may name.
    package struct Cell: Hashable, Sendable {
        package var cell: H3Cell
        /// The class in the newest outlook; `nil` without one.
        package var className: String?
        /// The number of events of the days of a forecast, with the 90 % interval; `nil` where it was not exceeded.
        package var exceeded: (events: Int, lower: Int, upper: Int)?
        /// The number of events of the last day where it is unusual; else `nil`.
        package var unusual: Int?

        package init(
            _ cell: H3Cell, className: String? = nil, exceeded: (events: Int, lower: Int, upper: Int)? = nil,
            unusual: Int? = nil
        ) {
            self.cell = cell
            self.className = className
            self.exceeded = exceeded
            self.unusual = unusual
        }

        package static func == (left: Self, right: Self) -> Bool {
            left.cell == right.cell && left.className == right.className && left.unusual == right.unusual
                && left.exceeded?.events == right.exceeded?.events && left.exceeded?.lower == right.exceeded?.lower
                && left.exceeded?.upper == right.exceeded?.upper
        }

        package func hash(into hasher: inout Hasher) { hasher.combine(cell) }
    }

    package var resolution: Int
    /// The current day in the dataset's time zone.
    package var today: LocalDay
    /// The last day that is served; `nil` when nothing is.
    package var lastDay: LocalDay?
    /// How many cells have events on that day.
    package var cellsWithEvents: Int
    /// The last day that the newest outlook knows, and the last day of the newest forecast that has passed.
    package var classDay: LocalDay?
    package var forecastDay: LocalDay?
    package var cells: [Cell]
    /// The generation of the served view.
    package var generation: Int64

    package init(
        resolution: Int, today: LocalDay, lastDay: LocalDay?, cellsWithEvents: Int, classDay: LocalDay? = nil,
        forecastDay: LocalDay? = nil, cells: [Cell] = [], generation: Int64
    ) {
        self.resolution = resolution
        self.today = today
        self.lastDay = lastDay
        self.cellsWithEvents = cellsWithEvents
        self.classDay = classDay
        self.forecastDay = forecastDay
        self.cells = cells
        self.generation = generation
    }
}
