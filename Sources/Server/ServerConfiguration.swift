package import Domain
package import Tiles
package import Web

/// The settings of the HTTP server.
package struct ServerConfiguration: Sendable {
    /// The name or address to listen on.
    package var host: String
    /// The port; 0 takes any free one.
    package var port: Int
    /// The certificate. With it the server speaks only TLS, and HTTP/2 with clients that can; without it, plain
    /// HTTP/1.1.
    package var certificate: ServerCertificate?
    /// The URL (scheme, host and optional path) under which clients reach the server, without a slash at the end; by
    /// default derived from the `Host` of each request.
    package var publicURL: String?
    /// The dataset of requests that name none; by default the first public one by slug.
    package var defaultDataset: Slug?
    /// The folder of the map page.
    package var staticRoot: String?
    /// The URL of a MapLibre style that the page shows under the cells.
    package var basemap: String?
    /// The origins, besides that of the style, from which the style loads its parts.
    package var basemapOrigins: [String]
    /// The file of tiles that the page shows under the cells instead.
    package var basemapFile: Basemap?
    /// The origins whose pages may show widgets in a frame; `*` for all of them.
    package var embedOrigins: [String]
    /// How long clients and proxies may keep a tile.
    package var tileMaxAge: Duration
    /// How long after that they may use it while they request a newer one.
    package var tileStaleAge: Duration
    /// The resolution of tiles that are requested without one.
    package var resolutions: ResolutionByZoom
    /// How many cells a tile may have. If there are more, only those with the highest risk are sent.
    package var tileCells: Int
    /// How long an answer may take before the request ends with 503.
    package var requestTimeout: Duration
    /// How long a connection may be silent.
    package var idleTimeout: Duration
    /// How long a client may take to send the head of a request.
    package var headTimeout: Duration
    /// How long a client may take none of the bytes that wait to be sent to it.
    package var writeTimeout: Duration
    /// How many connections may be open. Further ones wait to be accepted.
    package var maximumConnections: Int
    /// How many connections one client address may have; further ones are closed. Trusted proxies have no limit; 0 for
    /// no limit.
    package var addressConnections: Int
    /// How long a description of a dataset is kept before it is fetched again.
    package var datasetsMaxAge: Duration
    /// The largest size of an upload in bytes.
    package var maximumUploadBytes: Int
    /// The smallest number of bytes per second of an upload; 0 for no limit.
    package var slowestUpload: Int
    /// How many uploads there may be at a time: in all, and of one user or API key.
    package var maximumUploads: (all: Int, each: Int)
    /// How many bytes of the disk the bodies of all uploads may take.
    package var uploadDiskBytes: Int
    /// How long the ingest of an upload may take once its body has arrived.
    package var ingestTimeout: Duration
    /// The folder for the bodies of uploads; without it they are among the temporary files of all processes.
    package var spoolFolder: SpoolFolder?
    /// The settings for arriving requests.
    package var arrival: ArrivalPolicy
    /// The rate limits of clients.
    package var limits: RateLimits
    /// Whether `/metrics` is served.
    package var servesMetrics: Bool
    /// Every how many requests one is logged; 0 for none.
    package var accessLogSampling: Int

    package init(
        host: String = "127.0.0.1", port: Int = 8080, certificate: ServerCertificate? = nil, publicURL: String? = nil,
        defaultDataset: Slug? = nil,
        staticRoot: String? = nil, basemap: String? = nil, basemapOrigins: [String] = [],
        basemapFile: Basemap? = nil, embedOrigins: [String] = [], tileMaxAge: Duration = .seconds(300),
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
        self.basemapOrigins = basemapOrigins
        self.basemapFile = basemapFile
        self.embedOrigins = embedOrigins
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
