import ArgumentParser
import Domain

extension Slug {
    /// Parses an argument or the value of an option, whose name the parser adds to the message.
    static func argument(_ text: String) throws -> Slug {
        guard let slug = Slug(text) else { throw ValidationError("it must be \(Slug.form)") }
        return slug
    }
}
