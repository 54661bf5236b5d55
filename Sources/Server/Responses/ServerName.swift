/// The `Server` header of every answer.
enum ServerName {
    static let text = "hextant"
}
