import ArgumentParser

/// The options for the size and number of uploads.
struct UploadOptions: ParsableArguments {
    @Option(help: "Largest upload in MiB, 1 to 1000000. [HEXTANT_MAXIMUM_UPLOAD, 1024]") var maximumUpload: Int?
    @Option(help: "Slowest upload in bytes a second; 0 for no limit. [HEXTANT_SLOWEST_UPLOAD, 1024]")
    var slowestUpload: Int?
    @Option(help: "How many uploads at a time, 1 to 1000. [HEXTANT_MAXIMUM_UPLOADS, 8]") var maximumUploads: Int?
    @Option(help: "How many uploads at a time of one user or API key, 1 to 1000. [HEXTANT_MAXIMUM_UPLOADS_EACH, 4]")
    var maximumUploadsEach: Int?
    @Option(
        help:
            "Disk space for the bodies of all uploads, in MiB. [HEXTANT_UPLOAD_DISK, 4 times the largest upload]"
    )
    var uploadDisk: Int?
    @Option(help: "Seconds that an upload's ingest may take, 1 to 86400. [HEXTANT_INGEST_TIMEOUT, 1800]")
    var ingestTimeout: Int?

    func maximumBytes(_ settings: Settings) throws -> Int { try maximum(settings) << 20 }

    func slowest(_ settings: Settings) throws -> Int {
        try settings.number(.slowestUpload, flag: slowestUpload, in: 0...1_000_000_000, default: 1024)
    }

    func atOnce(_ settings: Settings) throws -> (all: Int, each: Int) {
        (
            all: try settings.number(.maximumUploads, flag: maximumUploads, in: 1...1000, default: 8),
            each: try settings.number(.maximumUploadsEach, flag: maximumUploadsEach, in: 1...1000, default: 4)
        )
    }

    /// The limit on the disk space of all bodies, which is at least the size of one.
    func diskBytes(_ settings: Settings) throws -> Int {
        let maximum = try maximum(settings)
        return try settings.number(.uploadDisk, flag: uploadDisk, in: maximum...100_000_000, default: 4 * maximum) << 20
    }

    func timeout(_ settings: Settings) throws -> Duration {
        .seconds(try settings.number(.ingestTimeout, flag: ingestTimeout, in: 1...86_400, default: 1800))
    }

    private func maximum(_ settings: Settings) throws -> Int {
        try settings.number(.maximumUpload, flag: maximumUpload, in: 1...1_000_000, default: 1024)
    }
}
