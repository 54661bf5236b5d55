/// When a dry run may propose a built-in mapping.
struct ProposalRule: Sendable {
    /// Whether the columns occur in no other source, so that they alone show that the mapping's constants are right.
    var isEvident = false

    init(_ top: MappingNode) throws(FeedError) {
        guard let node = try top.node("proposal", keys: ["evident"]) else { return }
        isEvident = try node.flag("evident")
    }
}
