/// A colour of a drawing, each part from 0 to 1. None is transparent, which suits printers and keeps files small.
struct Colour: Hashable {
    let red: Double
    let green: Double
    let blue: Double

    /// - Parameter hex: The parts as 0xRRGGBB.
    init(_ hex: UInt32) {
        red = Double(hex >> 16 & 0xff) / 255
        green = Double(hex >> 8 & 0xff) / 255
        blue = Double(hex & 0xff) / 255
    }

    static let ink = Self(0x1c2330)
    static let soft = Self(0x5a6472)
    static let rule = Self(0xc9d0d8)
    static let paper = Self(0xffffff)
    static let ground = Self(0xf3f5f7)
    static let border = Self(0x8b94a0)
    static let bar = Self(0x9fb4c8)
    static let strong = Self(0x2b5f97)

    /// The colours of the map page in its light theme.
    init(_ look: CellLook) {
        switch look {
        case .new, .critical: self.init(0x7d0f4a)
        case .growing, .high: self.init(0xd9481f)
        case .steady, .medium: self.init(0xeda81c)
        case .fading: self.init(0x8f7f63)
        case .cold, .low: self.init(0x5b9bc8)
        case .none: self.init(0xdfe4e9)
        }
    }
}
