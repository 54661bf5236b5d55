import NIOCore
import Testing

@testable import Formats

/// The expected bytes are drawn by hand after the FlatBuffers documentation, "FlatBuffer Internals".
struct FlatBufferTests {
    private static func written(_ buffer: FlatBuffer) -> [UInt8] {
        var bytes = ByteBuffer()
        buffer.write(into: &bytes)
        return Array(bytes.readableBytesView)
    }

    @Test func aTableOfOneNumber() {
        var buffer = FlatBuffer()
        #expect(buffer.table([.int(5)]) == [20])
        #expect(
            Self.written(buffer) == [
                20, 0, 0, 0,  // bytes after this number
                12, 0, 0, 0,  // the root table is 12 bytes further, at 16
                0, 0,  // so that the table begins at a multiple of 8
                6, 0, 8, 0, 4, 0,  // the list of fields: its length, that of the table, and where the field is in it
                6, 0, 0, 0,  // the list of fields begins 6 bytes before the table
                5, 0, 0, 0,
            ])
    }

    @Test func aFieldOfTheSchemasDefaultTakesNoRoom() {
        var buffer = FlatBuffer()
        #expect(buffer.table([nil, .byte(7), nil]) == [24, 28, 24])
        #expect(
            Self.written(buffer) == [
                25, 0, 0, 0, 20, 0, 0, 0,
                0, 0, 0, 0, 0, 0,
                10, 0, 5, 0, 0, 0, 4, 0, 0, 0,  // 0 is a field that is not there
                10, 0, 0, 0,
                7,
            ])
    }

    @Test func fieldsAreAlignedToTheirSizeAndLittleEndian() {
        var buffer = FlatBuffer()
        let places = buffer.table([.byte(1), .long(0x0102_0304_0506_0708), .short(0x0a0b), .int(-2)])
        #expect(places == [28, 32, 40, 44])
        #expect(
            Self.written(buffer) == [
                44, 0, 0, 0, 20, 0, 0, 0,
                0, 0, 0, 0,
                12, 0, 24, 0, 4, 0, 8, 0, 16, 0, 20, 0,
                12, 0, 0, 0,
                1, 0, 0, 0,
                8, 7, 6, 5, 4, 3, 2, 1,
                0x0b, 0x0a, 0, 0,
                0xfe, 0xff, 0xff, 0xff,
            ])
    }

    /// A string ends in a 0 that its length does not count, and the length counts bytes.
    @Test func aStringIsPointedTo() {
        var buffer = FlatBuffer()
        let places = buffer.table([.reference])
        buffer.string(from: places[0], "né")
        #expect(
            Self.written(buffer) == [
                28, 0, 0, 0, 12, 0, 0, 0,
                0, 0,
                6, 0, 8, 0, 4, 0,
                6, 0, 0, 0,
                4, 0, 0, 0,  // from here, 20, to 24
                3, 0, 0, 0, 0x6e, 0xc3, 0xa9, 0,
            ])
    }

    /// The numbers begin at a multiple of 8, their count stands before them.
    @Test func doublesAreAligned() {
        var buffer = FlatBuffer()
        let places = buffer.table([.reference, .byte(9)])
        #expect(places == [20, 24])
        buffer.doubles(from: places[0], [1, -2])
        #expect(
            Self.written(buffer) == [
                44, 0, 0, 0, 12, 0, 0, 0,
                8, 0, 9, 0, 4, 0, 8, 0,
                8, 0, 0, 0,
                8, 0, 0, 0,  // from here, 20, to 28
                9, 0, 0, 0,
                2, 0, 0, 0,
                0, 0, 0, 0, 0, 0, 0xf0, 0x3f,
                0, 0, 0, 0, 0, 0, 0, 0xc0,
            ])
    }

    @Test func aVectorOfReferencesPointsToTables() {
        var buffer = FlatBuffer()
        let root = buffer.table([.reference])
        let places = buffer.references(from: root[0], count: 2)
        #expect(places == [28, 32])
        #expect(buffer.table(from: places[0], [.byte(1)]) == [52])
        #expect(buffer.table(from: places[1], [.byte(2)]) == [68])
        #expect(
            Self.written(buffer) == [
                65, 0, 0, 0, 12, 0, 0, 0,
                0, 0,
                6, 0, 8, 0, 4, 0,
                6, 0, 0, 0,
                4, 0, 0, 0,
                2, 0, 0, 0,
                20, 0, 0, 0,  // from here, 28, to 48
                32, 0, 0, 0,  // from here, 32, to 64
                0, 0, 0, 0, 0, 0,
                6, 0, 5, 0, 4, 0,
                6, 0, 0, 0,
                1,
                0, 0, 0, 0, 0,
                6, 0, 5, 0, 4, 0,
                6, 0, 0, 0,
                2,
            ])
    }

    @Test func dataOfNoBytesIsAVectorOfNone() {
        var buffer = FlatBuffer()
        let places = buffer.table([.reference])
        buffer.data(from: places[0], [])
        #expect(Self.written(buffer).suffix(8) == [4, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func severalBuffersStandOneAfterTheOther() {
        var bytes = ByteBuffer(string: "x")
        for _ in 0..<2 {
            var buffer = FlatBuffer()
            _ = buffer.table([.int(5)])
            buffer.write(into: &bytes)
        }
        #expect(bytes.readableBytes == 1 + 2 * 24)
        #expect(bytes.getInteger(at: 25, endianness: .little, as: UInt32.self) == 20)
    }
}
