/// Reads what operators watch of the services behind a server, beside their checks.
package protocol SystemRepository: Sendable {
    func status() async throws -> SystemStatus
}

/// The state of the services of all servers and workers, as the database knows it.
package struct SystemStatus: Hashable, Sendable {
    /// The jobs of one kind.
    package struct Queue: Hashable, Sendable {
        package var kind: String
        /// How many are due and wait for a worker, and how many are worked on.
        package var waiting: Int
        package var running: Int
        /// How long the first of those that wait has waited.
        package var longestWait: Duration
        /// How many have finished and failed since ever.
        package var finished: Int
        package var failed: Int

        package init(
            kind: String, waiting: Int = 0, running: Int = 0, longestWait: Duration = .zero, finished: Int = 0,
            failed: Int = 0
        ) {
            self.kind = kind
            self.waiting = waiting
            self.running = running
            self.longestWait = longestWait
            self.finished = finished
            self.failed = failed
        }
    }

    /// The served view.
    package struct View: Hashable, Sendable {
        package var generation: Int64
        package var rows: Int64
        package var refreshed: Instant

        package init(generation: Int64, rows: Int64, refreshed: Instant) {
            self.generation = generation
            self.rows = rows
            self.refreshed = refreshed
        }
    }

    /// An active model.
    package struct Model: Hashable, Sendable {
        package var id: Int64
        package var dataset: Slug
        package var kind: String
        /// The library that made it, with its version.
        package var library: String
        package var trained: Instant
        /// When the data were last compared with those that it learned from, and how far they are from them: the
        /// largest population stability index. `nil` before the first time, and where there was too little to compare.
        package var compared: Instant?
        package var drift: Double?

        package init(
            id: Int64, dataset: Slug, kind: String, library: String, trained: Instant, compared: Instant? = nil,
            drift: Double? = nil
        ) {
            self.id = id
            self.dataset = dataset
            self.kind = kind
            self.library = library
            self.trained = trained
            self.compared = compared
            self.drift = drift
        }
    }

    /// By kind.
    package var queues: [Queue]
    package var view: View
    /// By dataset and kind.
    package var models: [Model]

    package init(queues: [Queue], view: View, models: [Model]) {
        self.queues = queues
        self.view = view
        self.models = models
    }
}
