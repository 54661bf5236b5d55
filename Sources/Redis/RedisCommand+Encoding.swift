import NIOCore

extension ByteBuffer {
    /// Writes a command in the Redis protocol: an array of bulk strings, each with its length in front, so that they
    /// may contain any bytes.
    mutating func writeCommand(_ command: RedisCommand) {
        writeLine("*", command.arguments.count)
        for argument in command.arguments {
            switch argument {
            case .text(let text):
                writeLine("$", text.utf8.count)
                writeString(text)
            case .bytes(let bytes):
                writeLine("$", bytes.readableBytes)
                writeImmutableBuffer(bytes)
            }
            writeStaticString("\r\n")
        }
    }

    private mutating func writeLine(_ type: StaticString, _ number: Int) {
        writeStaticString(type)
        writeString(String(number))
        writeStaticString("\r\n")
    }
}
