import Domain
import Jobs
import Logging
import Storage

extension JobRunner {
    /// Trains a model.
    func train(_ claimed: ClaimedJob, _ progress: JobProgress) async throws {
        let order = try claimed.job.trainingOrder()
        let model = try await ModelTraining(options, sql: sql).run(order, lease: claimed.lease) { step in
            progress.tell(step.share)
        }
        claimed.described(in: logger).info(
            "model trained",
            metadata: [
                "model": "\(model.id)", "model_kind": "\(model.kind.rawValue)", "state": "\(model.state.rawValue)",
                "payments": "\(model.payments)",
            ])
    }

    /// Measures the drift of active models, and warns where it is large.
    func measureDrift(_ claimed: ClaimedJob, _ progress: JobProgress) async throws {
        let (models, failures) = try await ModelDriftRun(options, sql: sql).run(
            claimed.job.dataset, lease: claimed.lease
        ) { progress.tell($0) }
        let logger = claimed.described(in: logger)
        for failure in failures {
            logger.warning(
                "a model cannot be used", metadata: ["model": "\(failure.model)", "reason": "\(failure.reason)"])
        }
        for model in models {
            let metadata: Logger.Metadata = [
                "model": "\(model.id)", "of": "\(model.dataset)", "model_kind": "\(model.kind.rawValue)",
                "index": "\(model.drift?.index.map { "\($0)" } ?? "too little to compare")",
            ]
            if let index = model.drift?.index, index > ModelDrift.alarm {
                logger.warning("the data have moved away from a model: see docs/models.md", metadata: metadata)
            } else {
                logger.info("the data have not moved away from a model", metadata: metadata)
            }
        }
    }
}
