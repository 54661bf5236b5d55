/// The body of a request cannot be read: its chunked coding is malformed, or it ended too early.
package struct MalformedBody: Error {}
