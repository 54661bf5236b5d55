import CExpat

/// Reads XML piece by piece with expat and tells a delegate of its elements and texts.
///
/// Expat was chosen before Foundation's parser because it takes a file in pieces, can be stopped at any element, loads
/// nothing from elsewhere and is 200 kB. A document type is refused: KML has none, and entities are what makes a small
/// file large.
final class XMLStream {
    private let parser: OpaquePointer
    private let state: State
    private let mostTokenBytes: Int
    private var fed: Int64 = 0

    /// The parser's callbacks reach this object by its address.
    private final class State {
        let delegate: any XMLDelegate
        let mostNesting: Int
        var depth = 0
        var fault: Fault?
        let parser: OpaquePointer

        init(_ delegate: any XMLDelegate, _ mostNesting: Int, _ parser: OpaquePointer) {
            self.delegate = delegate
            self.mostNesting = mostNesting
            self.parser = parser
        }

        func attempt(_ body: () throws(Fault) -> Void) {
            // Callbacks may still come for the rest of the element at which the parser was stopped.
            guard fault == nil else { return }
            do {
                try body()
            } catch {
                fault = error
                XML_StopParser(parser, 0)
            }
        }
    }

    init(_ delegate: any XMLDelegate, mostNesting: Int, mostTokenBytes: Int) throws(Fault) {
        guard let parser = XML_ParserCreate(nil) else { throw Fault("cannot be read: out of memory", .file) }
        self.parser = parser
        self.mostTokenBytes = mostTokenBytes
        state = State(delegate, mostNesting, parser)
        XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in
                guard let data, let name else { return }
                let state = Unmanaged<State>.fromOpaque(data).takeUnretainedValue()
                state.attempt { () throws(Fault) in
                    state.depth += 1
                    guard state.depth <= state.mostNesting else {
                        throw Fault("has elements nested deeper than \(state.mostNesting) levels", .limit)
                    }
                    var pairs: [(name: String, value: String)] = []
                    var next = attributes
                    while let name = next?[0], let value = next?[1] {
                        pairs.append((String(cString: name), String(cString: value)))
                        next = next?.advanced(by: 2)
                    }
                    try state.delegate.begin(local(name), pairs)
                }
            },
            { data, name in
                guard let data, let name else { return }
                let state = Unmanaged<State>.fromOpaque(data).takeUnretainedValue()
                state.attempt { () throws(Fault) in
                    state.depth -= 1
                    try state.delegate.end(local(name))
                }
            })
        XML_SetCharacterDataHandler(parser) { data, text, count in
            guard let data, let text else { return }
            let state = Unmanaged<State>.fromOpaque(data).takeUnretainedValue()
            state.attempt { () throws(Fault) in
                try state.delegate.text(
                    UnsafeRawBufferPointer(start: UnsafeRawPointer(text), count: Int(count)))
            }
        }
        // Expat itself knows UTF-8, UTF-16, Latin-1 and ASCII.
        XML_SetUnknownEncodingHandler(
            parser,
            { _, name, information in
                guard let name, let information,
                    let characters = CodePage(named: String(cString: name))?.characters
                else { return 0 }
                withUnsafeMutableBytes(of: &information.pointee.map) { raw in
                    let map = raw.bindMemory(to: Int32.self)
                    for byte in 0..<256 {
                        let unit = byte < 0x80 ? UInt16(byte) : characters[byte - 0x80]
                        map[byte] = unit == 0xFFFD ? -1 : Int32(unit)
                    }
                }
                information.pointee.convert = nil
                information.pointee.release = nil
                return 1
            }, nil)
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            guard let data else { return }
            Unmanaged<State>.fromOpaque(data).takeUnretainedValue().attempt { () throws(Fault) in
                throw Fault("has a document type (<!DOCTYPE>), which no KML file needs; remove it", .file)
            }
        }
    }

    deinit { XML_ParserFree(parser) }

    /// Reads the next bytes of the file.
    /// - Throws: `Fault` of the delegate, or for bytes that are not XML, with the line.
    func read(_ bytes: ArraySlice<UInt8>, isLast: Bool) throws(Fault) {
        let status = bytes.withUnsafeBytes { raw in
            XML_Parse(
                parser, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count), isLast ? 1 : 0)
        }
        if let fault = state.fault { throw fault }
        guard status == XML_STATUS_OK else {
            let problem = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unknown error"
            throw Fault("is not XML from line \(XML_GetCurrentLineNumber(parser)) on: \(problem)")
        }
        // Expat 2.5 reads a tag or comment that is not yet whole anew with each piece (CVE-2023-52425).
        fed += Int64(bytes.count)
        guard fed - Int64(XML_GetCurrentByteIndex(parser)) <= Int64(mostTokenBytes) else {
            throw Fault("has a tag or comment of more than \(mostTokenBytes) bytes", .limit)
        }
    }
}

/// Hears of the elements of a document, with their names without prefixes.
protocol XMLDelegate: AnyObject {
    func begin(_ name: String, _ attributes: [(name: String, value: String)]) throws(Fault)
    func end(_ name: String) throws(Fault)
    func text(_ utf8: UnsafeRawBufferPointer) throws(Fault)
}

/// The name of an element without the prefix of its namespace.
private func local(_ name: UnsafePointer<CChar>) -> String {
    let name = String(cString: name)
    return name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
}
