/// The header `Server` of every answer.
enum ServerName {
    static let text = "hextant"
}
