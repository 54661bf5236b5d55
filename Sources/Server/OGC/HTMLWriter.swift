import Domain
import NIOCore
import Web

/// Writes a document as a page without scripts or styles that loads nothing.
struct HTMLWriter {
    /// The content policy of such a page: it may load nothing.
    static let policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private(set) var buffer = ByteBuffer()

    /// - Parameter parents: The names and URLs of the pages above this one.
    init(_ title: String, parents: [(name: String, url: String)], _ document: Document) {
        write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
        escape(title)
        write("</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n</head>\n<body>\n<nav>")
        for parent in parents {
            anchor(parent.url, parent.name)
            write(" / ")
        }
        write("</nav>\n<h1>")
        escape(title)
        write("</h1>\n")
        value(document)
        write("\n</body>\n</html>\n")
    }

    private mutating func value(_ document: Document) {
        switch document {
        case .text(let text) where WebURL.isLink(text): anchor(text, text)
        case .text(let text): escape(text)
        case .integer(let number): write(String(number))
        case .number(let number): write(String(describing: number))
        case .truth(let truth): write(truth ? "true" : "false")
        case .null: write("–")
        case .list(let elements): list(elements)
        case .object(let members): object(members)
        }
    }

    private mutating func list(_ elements: [Document]) {
        // Numbers in a row are written in a row.
        let isPlain = elements.allSatisfy {
            switch $0 {
            case .integer, .number, .null: true
            default: false
            }
        }
        write(isPlain ? "" : "<ul>")
        for (index, element) in elements.enumerated() {
            write(isPlain ? (index == 0 ? "" : ", ") : "<li>")
            value(element)
            write(isPlain ? "" : "</li>\n")
        }
        write(isPlain ? "" : "</ul>")
    }

    private mutating func object(_ members: [Document.Member]) {
        if let url = members.text("href") {
            let name = members.text("title") ?? url
            // A URL template is not a link.
            if members.contains(Document.Member("templated", .truth(true))) {
                escape("\(name): \(url)")
            } else {
                anchor(url, name)
            }
            if let relation = members.text("rel") {
                write(" <small>")
                escape([relation, members.text("type")].compactMap(\.self).joined(separator: ", "))
                write("</small>")
            }
            return
        }
        write("<table>\n")
        for member in members {
            write("<tr><th scope=\"row\" align=\"left\" valign=\"top\">")
            escape(member.name)
            write("</th><td>")
            value(member.value)
            write("</td></tr>\n")
        }
        write("</table>")
    }

    private mutating func anchor(_ url: String, _ name: String) {
        write("<a href=\"")
        escape(url)
        write("\">")
        escape(name)
        write("</a>")
    }

    private mutating func write(_ html: String) { buffer.writeString(html) }

    private mutating func escape(_ text: String) { buffer.writeHTML(text) }
}

extension [Document.Member] {
    fileprivate func text(_ name: String) -> String? {
        for member in self where member.name == name {
            if case .text(let text) = member.value { return text }
        }
        return nil
    }
}
