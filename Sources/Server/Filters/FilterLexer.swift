/// Cuts a filter into tokens in one pass, looking at no character more than twice.
struct FilterLexer {
    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func next() throws(FilterFault) -> FilterToken {
        while let scalar = peek, scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" { index += 1 }
        let start = index
        guard let scalar = peek else { return FilterToken(kind: .end, position: start + 1) }
        index += 1
        let kind: FilterToken.Kind
        switch scalar {
        case "(", ")", ",", "=": kind = .sign(String(scalar))
        case "<":
            kind = .sign(take("=") ? "<=" : take(">") ? "<>" : "<")
        case ">": kind = .sign(take("=") ? ">=" : ">")
        case "'": kind = .text(try quoted("'", from: start))
        case "\"": kind = .name(try quoted("\"", from: start))
        case "+", "-", ".", "0"..."9": kind = try number(from: start)
        case _ where Self.beginsWord(scalar): kind = word(from: start)
        default: throw FilterFault(position: start + 1, message: "\(scalar) is not expected")
        }
        return FilterToken(kind: kind, position: start + 1)
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        index += 1
        return true
    }

    /// The text from a quote to the next one; two quotes stand for one.
    private mutating func quoted(_ quote: Unicode.Scalar, from start: Int) throws(FilterFault) -> String {
        var text = String.UnicodeScalarView()
        while let scalar = peek {
            index += 1
            if scalar == quote {
                guard take(quote) else { return String(text) }
            }
            guard scalar != "\0" else { throw FilterFault(position: index, message: "a NUL is not allowed") }
            text.append(scalar)
        }
        throw FilterFault(position: start + 1, message: "the quote is not closed")
    }

    private mutating func number(from start: Int) throws(FilterFault) -> FilterToken.Kind {
        while let scalar = peek {
            let previous = scalars[index - 1]
            let isSign = (scalar == "+" || scalar == "-") && (previous == "e" || previous == "E")
            guard isSign || scalar == "." || scalar == "e" || scalar == "E" || ("0"..."9").contains(scalar) else {
                break
            }
            index += 1
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars[start..<index])
        guard let number = Double(text), number.isFinite else {
            throw FilterFault(position: start + 1, message: "\(text) is not a number")
        }
        return .number(number)
    }

    private mutating func word(from start: Int) -> FilterToken.Kind {
        while let scalar = peek, Self.beginsWord(scalar) || ("0"..."9").contains(scalar) { index += 1 }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars[start..<index])
        return .word(text)
    }

    private static func beginsWord(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }
}
