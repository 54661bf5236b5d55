import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// A TLS server that answers each path with the bytes that a test gives it, with a certificate for `localhost`.
final class RawServer: Sendable {
    enum Reply: Sendable {
        /// These bytes; the connection stays open.
        case bytes([UInt8])
        /// These bytes, and then the connection ends.
        case thenClose([UInt8])
        case silence

        static func text(_ text: String) -> Reply { .bytes(Array(text.utf8)) }
    }

    struct Certificates {
        let folder: URL
        var authority: String { folder.appendingPathComponent("cert.pem").path }
        fileprivate var key: String { folder.appendingPathComponent("key.pem").path }

        /// Makes a certificate of its own issuer with the tool of OpenSSL.
        init() throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("fetch-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let tool = Process()
            tool.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            tool.arguments = [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2", "-keyout", key,
                "-out", authority,
            ]
            tool.standardError = FileHandle.nullDevice
            try tool.run()
            tool.waitUntilExit()
            guard tool.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
        }
    }

    let port: Int
    private let channel: any Channel

    init(_ certificates: Certificates, _ reply: @escaping @Sendable (String) -> Reply) async throws {
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificates.authority).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: certificates.key, format: .pem)))
        let context = try NIOSSLContext(configuration: configuration)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLServerHandler(context: context), RawHandler(reply))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func close() async throws { try await channel.close() }
}

private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let reply: @Sendable (String) -> RawServer.Reply
    private var request = ""

    init(_ reply: @escaping @Sendable (String) -> RawServer.Reply) {
        self.reply = reply
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        request += String(buffer: unwrapInboundIn(data))
        guard request.contains("\r\n\r\n") else { return }
        let path = request.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        request = ""
        switch reply(path) {
        case .silence: break
        case .bytes(let bytes):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .thenClose(let bytes):
            context.write(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            context.flush()
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
