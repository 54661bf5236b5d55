package import Domain

/// Tests write slugs as literals, with values in them where they need to differ.
extension Slug: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        guard let slug = Slug(text) else { preconditionFailure("\"\(text)\" must be \(Slug.form)") }
        self = slug
    }
}
