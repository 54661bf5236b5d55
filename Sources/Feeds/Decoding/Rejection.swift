/// Why one record cannot become an event.
struct Rejection: Error, Equatable {
    let reason: RejectionReason
    /// A sentence that names the column and the value.
    let detail: String

    init(_ reason: RejectionReason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
