/// A payment of which somebody asks whether it is of high value, by what is known before its amount.
package struct Payment: Hashable, Sendable {
    /// Texts as the source writes them; `nil` where they are not known.
    package var vendor: String?
    package var department: String?
    package var accountDescription: String?
    /// The month in which it is entered, 1 to 12.
    package var month: Int?

    package init(vendor: String?, department: String? = nil, accountDescription: String? = nil, month: Int? = nil) {
        self.vendor = vendor
        self.department = department
        self.accountDescription = accountDescription
        self.month = month
    }
}

/// The answer of a classifier about a payment.
package struct PaymentPrediction: Hashable, Sendable {
    /// A part of the payment, and how it matters.
    package struct Reason: Hashable, Sendable {
        package var input: String
        /// The share that it adds to that of all payments; negative where it takes from it.
        package var contribution: Double

        package init(input: String, contribution: Double) {
            self.input = input
            self.contribution = contribution
        }
    }

    package static let mostReasons = 3

    /// The chance that it is of high value, from 0 to 1.
    package var probability: Double
    /// The three parts that mattered most, the first one most.
    package var reasons: [Reason]

    package init(probability: Double, reasons: [Reason]) {
        self.probability = probability
        self.reasons = reasons
    }
}

/// The answer of exactly one model to all payments of a request.
package struct PaymentPredictions: Hashable, Sendable {
    /// The number of the model.
    package var model: Int64
    /// The amount from which on a payment is of high value, a decimal number.
    package var threshold: String
    /// The share of high-value payments in the training window.
    package var share: Double
    package var payments: [PaymentPrediction]

    package init(model: Int64, threshold: String, share: Double, payments: [PaymentPrediction]) {
        self.model = model
        self.threshold = threshold
        self.share = share
        self.payments = payments
    }
}

/// Answers by the active classifiers of datasets.
package protocol PaymentPredictor: Sendable {
    /// The answers of the active classifier of a dataset to payments, in their order; `nil` when none is active.
    func predict(_ payments: [Payment], in dataset: Slug) async throws -> PaymentPredictions?

    /// The model that answers in this process now; `nil` when none has been asked for yet.
    func loaded(_ dataset: Slug) -> Int64?
}
