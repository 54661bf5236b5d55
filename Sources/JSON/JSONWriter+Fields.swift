extension JSONWriter {
    package mutating func field(_ name: String, _ text: String?) {
        self.name(name)
        if let text { value(text) } else { null() }
    }

    package mutating func field(_ name: String, _ number: Int) {
        self.name(name)
        value(number)
    }

    package mutating func field(_ name: String, _ number: Double) {
        self.name(name)
        value(number)
    }

    package mutating func field(_ name: String, _ number: Int?) {
        self.name(name)
        if let number { value(number) } else { null() }
    }

    package mutating func field(_ name: String, _ number: Double?) {
        self.name(name)
        if let number { value(number) } else { null() }
    }

    package mutating func field(_ name: String, _ truth: Bool) {
        self.name(name)
        value(truth)
    }

    package mutating func object(_ name: String, _ fields: (inout Self) -> Void) {
        self.name(name)
        object(fields)
    }

    package mutating func array<Elements: Sequence>(
        _ name: String, of elements: Elements, _ write: (inout Self, Elements.Element) -> Void
    ) {
        self.name(name)
        array(of: elements, write)
    }
}
