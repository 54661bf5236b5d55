import NIOCore

extension ByteBuffer {
    /// Writes a command as the Redis protocol has it: an array of bulk strings, each told by its length, so that any
    /// bytes may stand in it.
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
