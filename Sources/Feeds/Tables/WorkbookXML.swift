import CExpat
import Foundation

/// Reads a part of a workbook with expat and tells a delegate of its elements and texts.
///
/// Names and values come as C strings, because a sheet has many millions of them. A document type is refused, so no
/// entity is expanded and nothing is loaded from elsewhere.
final class WorkbookXML {
    private let parser: OpaquePointer
    private let state: State
    private let file: String
    private let part: String
    private var fed: Int64 = 0

    /// How deep elements may be nested; those of workbooks stay below 20.
    private static let mostNesting = 64
    /// How many bytes one tag or comment may have.
    private static let mostTokenBytes = 1 << 20

    /// The parser's callbacks reach this object by its address.
    private final class State {
        let delegate: any WorkbookXMLDelegate
        let parser: OpaquePointer
        var depth = 0
        var fault: WorkbookFault?

        init(_ delegate: any WorkbookXMLDelegate, _ parser: OpaquePointer) {
            self.delegate = delegate
            self.parser = parser
        }

        func attempt(_ body: () throws(WorkbookFault) -> Void) {
            // Callbacks may still come for the rest of the element at which the parser was stopped.
            guard fault == nil else { return }
            do {
                try body()
            } catch {
                fault = error
                XML_StopParser(parser, 0)
            }
        }

        static func at(_ data: UnsafeMutableRawPointer) -> State {
            Unmanaged<State>.fromOpaque(data).takeUnretainedValue()
        }
    }

    /// - Parameters:
    ///   - file: The name of the workbook, for messages.
    ///   - part: The name of the part in it.
    init(_ delegate: any WorkbookXMLDelegate, file: String, part: String) throws(FeedError) {
        guard let parser = XML_ParserCreate(nil) else {
            throw FeedError(.file, file: file, "cannot be read: there is not enough memory")
        }
        self.parser = parser
        self.file = file
        self.part = part
        state = State(delegate, parser)
        XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in
                guard let data, let name else { return }
                let state = State.at(data)
                state.attempt { () throws(WorkbookFault) in
                    state.depth += 1
                    guard state.depth <= WorkbookXML.mostNesting else {
                        throw WorkbookFault("has elements nested deeper than \(WorkbookXML.mostNesting) levels")
                    }
                    try state.delegate.begin(XMLName(name), XMLAttributes(attributes))
                }
            },
            { data, name in
                guard let data, let name else { return }
                let state = State.at(data)
                state.attempt { () throws(WorkbookFault) in
                    state.depth -= 1
                    try state.delegate.end(XMLName(name))
                }
            })
        XML_SetCharacterDataHandler(parser) { data, text, count in
            guard let data, let text else { return }
            let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(text), count: Int(count))
            let state = State.at(data)
            state.attempt { () throws(WorkbookFault) in try state.delegate.text(bytes) }
        }
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            guard let data else { return }
            State.at(data).attempt { () throws(WorkbookFault) in
                throw WorkbookFault("has a document type (<!DOCTYPE>), which no workbook needs")
            }
        }
    }

    deinit { XML_ParserFree(parser) }

    /// Reads the next bytes of the part.
    /// - Throws: `FeedError` for what the delegate refuses, and for bytes that are not XML.
    func read(_ bytes: ArraySlice<UInt8>, isLast: Bool = false) throws(FeedError) {
        let status = bytes.withUnsafeBytes { raw in
            XML_Parse(parser, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count), isLast ? 1 : 0)
        }
        if let fault = state.fault {
            throw FeedError(.encoding, file: file, "is an Excel workbook (XLSX) in which \(part) \(fault.problem)")
        }
        guard status == XML_STATUS_OK else {
            let problem = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unknown error"
            throw FeedError(
                .encoding, file: file, "is an Excel workbook (XLSX) that is damaged: \(part) is not XML: \(problem)")
        }
        // Expat 2.5 reads a tag or comment that is not yet whole anew with each piece (CVE-2023-52425).
        fed += Int64(bytes.count)
        guard fed - Int64(XML_GetCurrentByteIndex(parser)) <= Int64(Self.mostTokenBytes) else {
            throw FeedError(
                .encoding, file: file,
                "is an Excel workbook (XLSX) that is damaged: \(part) has a tag or comment of more than "
                    + "\(Self.mostTokenBytes) bytes")
        }
    }
}

/// A fault of a part of a workbook, in words that follow the name of the part.
struct WorkbookFault: Error {
    let problem: String

    init(_ problem: String) { self.problem = problem }
}

/// Hears of the elements of a part of a workbook.
protocol WorkbookXMLDelegate: AnyObject {
    func begin(_ name: XMLName, _ attributes: XMLAttributes) throws(WorkbookFault)
    func end(_ name: XMLName) throws(WorkbookFault)
    func text(_ utf8: UnsafeRawBufferPointer) throws(WorkbookFault)
}

/// The name of an element or attribute without the prefix of its namespace. It is valid only during the callback.
struct XMLName {
    private let text: UnsafePointer<CChar>

    init(_ text: UnsafePointer<CChar>) {
        self.text = strrchr(text, Int32(UInt8(ascii: ":"))).map { UnsafePointer($0 + 1) } ?? text
    }

    static func ~= (word: StaticString, name: XMLName) -> Bool { name == word }

    static func == (name: XMLName, word: StaticString) -> Bool {
        // A literal ends with a NUL.
        word.withUTF8Buffer { word in
            word.withMemoryRebound(to: CChar.self) { strcmp(name.text, $0.baseAddress!) == 0 }
        }
    }
}

/// The attributes of an element. They are valid only during the callback.
struct XMLAttributes {
    private let pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>?

    init(_ pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>?) { self.pairs = pairs }

    /// The value of an attribute, as C string; nil when the element does not have it.
    func value(_ word: StaticString) -> UnsafePointer<CChar>? {
        var next = pairs
        while let name = next?[0], let value = next?[1] {
            if XMLName(name) == word { return value }
            next = next?.advanced(by: 2)
        }
        return nil
    }

    subscript(word: StaticString) -> String? { value(word).map { String(cString: $0) } }
}
