/// The body of a request cannot be read: its chunks are none, or it ended too early.
struct MalformedBody: Error {}
