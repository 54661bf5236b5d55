import Domain
import JSON

extension JSONWriter {
    mutating func fields(of model: StoredModel) {
        field("id", Int(model.id))
        field("dataset", model.dataset.text)
        field("kind", model.kind.rawValue)
        field("state", model.state.rawValue)
        field("trained_at", model.trainedAt.description)
        field("activated_at", model.activatedAt?.description)
        field("from", model.training.lowerBound.description)
        field("to", model.training.upperBound.description)
        field("test_from", model.test?.lowerBound.description)
        field("test_to", model.test?.upperBound.description)
        field("payments", model.payments)
        array("features", of: model.features) { $0.value($1) }
        name("parameters")
        raw(model.parameters)
        name("metrics")
        raw(model.metrics)
        field("library", model.library)
        field("sha256", model.digest)
        field("bytes", model.bytes)
        name("drift")
        guard let drift = model.drift else { return null() }
        object { json in
            json.field("measured_at", drift.measuredAt.description)
            json.field("rows", drift.rows)
            json.name("index")
            if let index = drift.index { json.value(index) } else { json.null() }
            json.name("indexes")
            json.raw(drift.indexes)
        }
    }

    mutating func fields(of answer: PaymentPredictions, in dataset: Slug) {
        field("dataset", dataset.text)
        field("model", Int(answer.model))
        field("threshold", answer.threshold)
        field("share", answer.share)
        array("predictions", of: answer.payments) { json, payment in
            json.object { json in
                json.field("type", payment.probability >= 0.5 ? "high_value" : "usual")
                json.field("probability", payment.probability)
                json.array("reasons", of: payment.reasons) { json, reason in
                    json.object { json in
                        json.field("input", reason.input)
                        json.field("contribution", reason.contribution)
                    }
                }
            }
        }
    }
}
