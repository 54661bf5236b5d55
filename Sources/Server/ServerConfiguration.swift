import Tiles

/// How the HTTP server listens and what it allows.
package struct ServerConfiguration: Sendable {
    /// Name or address to listen on.
    package var host: String
    /// 0 takes any free port.
    package var port: Int
    /// With it connections are encrypted, and those who can speak HTTP/2; without it they are plain HTTP/1.1.
    package var certificate: ServerCertificate?
    /// Scheme, host and optional path under which clients reach the server, without a final slash; by default what
    /// the request's `Host` says.
    package var publicURL: String?
    /// The dataset of requests that name none; by default the first public one by slug.
    package var defaultDataset: String?
    /// Folder of the map page.
    package var staticRoot: String?
    /// Address of a MapLibre style that the page lays under the cells.
    package var basemap: String?
    /// How long clients and proxies may keep a tile.
    package var tileMaxAge: Duration
    /// How long after that they may use it while they ask for a newer one.
    package var tileStaleAge: Duration
    /// The resolution of tiles that are asked for without one.
    package var resolutions: ResolutionByZoom
    /// How many cells a tile may have; of more only those with the highest risk are sent.
    package var tileCells: Int
    /// How long an answer may take before it is given up with 503.
    package var requestTimeout: Duration
    /// How long a connection may be silent.
    package var idleTimeout: Duration
    /// How long a client may take to send the head of a request.
    package var headTimeout: Duration
    /// How long a client may take nothing of what waits to be sent to it.
    package var writeTimeout: Duration
    /// More connections than this wait to be accepted.
    package var maximumConnections: Int
    /// More connections of one address than this are closed as they come, but for trusted proxies; 0 for no limit.
    package var addressConnections: Int
    /// How long the list of datasets is kept before it is asked for again.
    package var datasetsMaxAge: Duration
    /// The longest body of an upload.
    package var maximumUploadBytes: Int
    /// Bytes a second below which an upload is given up; 0 is no limit.
    package var slowestUpload: Int
    /// Uploads at a time, of all and of one user or key.
    package var maximumUploads: (all: Int, each: Int)
    /// Bytes of the disk that the bodies of all uploads may take.
    package var uploadDiskBytes: Int
    /// How long an upload's ingest may take once its body is there.
    package var ingestTimeout: Duration
    /// Where the bodies of uploads lie; without it among the temporary files of all processes.
    package var spoolFolder: SpoolFolder?
    /// How requests arrive.
    package var arrival: ArrivalPolicy
    /// What clients may ask for.
    package var limits: RateLimits
    /// Whether `/metrics` is served.
    package var servesMetrics: Bool
    /// One request of so many is logged; 0 for none.
    package var accessLogSampling: Int

    package init(
        host: String = "127.0.0.1", port: Int = 8080, certificate: ServerCertificate? = nil, publicURL: String? = nil,
        defaultDataset: String? = nil,
        staticRoot: String? = nil, basemap: String? = nil, tileMaxAge: Duration = .seconds(300),
        tileStaleAge: Duration = .seconds(60),
        resolutions: ResolutionByZoom = .usual, tileCells: Int = TileKey.usualCellLimit,
        requestTimeout: Duration = .seconds(30), idleTimeout: Duration = .seconds(60),
        headTimeout: Duration = .seconds(10), writeTimeout: Duration = .seconds(30),
        maximumConnections: Int = 4096, addressConnections: Int = 1024, datasetsMaxAge: Duration = .seconds(10),
        maximumUploadBytes: Int = 1 << 30,
        slowestUpload: Int = 1024, maximumUploads: (all: Int, each: Int) = (8, 4), uploadDiskBytes: Int = 4 << 30,
        ingestTimeout: Duration = .seconds(1800), spoolFolder: SpoolFolder? = nil,
        arrival: ArrivalPolicy = ArrivalPolicy(), limits: RateLimits = RateLimits(),
        servesMetrics: Bool = true, accessLogSampling: Int = 0
    ) {
        self.host = host
        self.port = port
        self.certificate = certificate
        self.publicURL = publicURL
        self.defaultDataset = defaultDataset
        self.staticRoot = staticRoot
        self.basemap = basemap
        self.tileMaxAge = tileMaxAge
        self.tileStaleAge = tileStaleAge
        self.resolutions = resolutions
        self.tileCells = tileCells
        self.requestTimeout = requestTimeout
        self.idleTimeout = idleTimeout
        self.headTimeout = headTimeout
        self.writeTimeout = writeTimeout
        self.maximumConnections = maximumConnections
        self.addressConnections = addressConnections
        self.datasetsMaxAge = datasetsMaxAge
        self.maximumUploadBytes = maximumUploadBytes
        self.slowestUpload = slowestUpload
        self.maximumUploads = maximumUploads
        self.uploadDiskBytes = uploadDiskBytes
        self.ingestTimeout = ingestTimeout
        self.spoolFolder = spoolFolder
        self.arrival = arrival
        self.limits = limits
        self.servesMetrics = servesMetrics
        self.accessLogSampling = accessLogSampling
    }
}
