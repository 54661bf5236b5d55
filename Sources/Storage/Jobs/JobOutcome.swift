/// How an attempt ended.
enum JobOutcome: Equatable, Sendable {
    case finished
    case failed(String)
    case cancelled
    /// To be tried again; it counts as an attempt.
    case retry(String, after: Duration)
    /// Back to the queue without blame: the worker shuts down, or somebody else does the same right now.
    case givenBack(String?, after: Duration)
    /// Another worker has the job: there is nothing to say.
    case lost
}
