import CZlib
import Zip

/// Returns the decompressed bytes of a zip member and checks at the end that they are those that were compressed.
final class CheckedBytes: ByteStream {
    private let source: any ByteStream
    private let member: ZipArchive.Member
    private let path: String
    private var checksum: UInt = 0
    private var size: UInt64 = 0

    init(_ source: any ByteStream, _ member: ZipArchive.Member, path: String) {
        self.source = source
        self.member = member
        self.path = path
    }

    func next() throws(FeedError) -> [UInt8]? {
        guard let piece = try source.next() else {
            guard checksum == UInt(member.crc32), size == member.size else { throw damaged }
            return nil
        }
        size += UInt64(piece.count)
        // Checked before the end too, so that a wrong size does not let endless data through.
        guard size <= member.size else { throw damaged }
        checksum = crc32_z(checksum, piece, piece.count)
        return piece
    }

    private var damaged: FeedError {
        FeedError(
            .encoding, file: path,
            "the unpacked data do not match the archive's checksum; download or pack it again")
    }
}
