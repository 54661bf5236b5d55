/// The header `Server` of every answer.
package enum ServerName {
    package static let text = "hextant"
}
