import NIOCore

/// Writes records in a format, one after the other.
protocol FeatureOutput {
    mutating func begin(into buffer: inout ByteBuffer)
    mutating func write(_ record: AreaRecord, into buffer: inout ByteBuffer)
    mutating func end(into buffer: inout ByteBuffer)
}
