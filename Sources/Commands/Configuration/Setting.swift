/// The settings that flags, environment variables and files can set. The raw value is the key in a file. The
/// environment variable is `HEXTANT_` and the key in capitals.
enum Setting: String, CaseIterable {
    case databaseURL = "database_url"
    case databaseReplicaURL = "database_replica_url"
    case redisURL = "redis_url"
    case host
    case port
    case tlsCertificate = "tls_certificate"
    case tlsKey = "tls_key"
    case publicURL = "public_url"
    case basePath = "base_path"
    case trustedProxies = "trusted_proxies"
    case forwardedHeader = "forwarded_header"
    case corsOrigins = "cors_origins"
    case hstsMaxAge = "hsts_max_age"
    case viewMaxAge = "view_max_age"
    case datasetMetrics = "dataset_metrics"
    case rateLimit = "rate_limit"
    case accountRateLimit = "account_rate_limit"
    case tileRateLimit = "tile_rate_limit"
    case defaultDataset = "default_dataset"
    case basemap
    case basemapOrigins = "basemap_origins"
    case basemapFile = "basemap_file"
    case embedOrigins = "embed_origins"
    case tileTTL = "tile_ttl"
    case tileStale = "tile_stale"
    case tileTimeout = "tile_timeout"
    case tileMemory = "tile_memory"
    case tileWarm = "tile_warm"
    case tileCells = "tile_cells"
    case spendingMemory = "spending_memory"
    case resolutionByZoom = "resolution_by_zoom"
    case databaseConnections = "database_connections"
    case statementTimeout = "statement_timeout"
    case requestTimeout = "request_timeout"
    case idleTimeout = "idle_timeout"
    case headTimeout = "head_timeout"
    case writeTimeout = "write_timeout"
    case maximumConnections = "maximum_connections"
    case addressConnections = "address_connections"
    case accessLog = "access_log"
    case tokenSecret = "token_secret"
    case previousTokenSecret = "previous_token_secret"
    case maximumUpload = "maximum_upload"
    case slowestUpload = "slowest_upload"
    case maximumUploads = "maximum_uploads"
    case maximumUploadsEach = "maximum_uploads_each"
    case uploadDisk = "upload_disk"
    case ingestTimeout = "ingest_timeout"
    case deadLetters = "dead_letters"
    case workers
    case schedules
    case feeds
    case feedAuthority = "feed_authority"
    case streams
    case jobRetention = "job_retention"
    case live
    case metricsHost = "metrics_host"
    case metricsPort = "metrics_port"
    case logLevel = "log_level"
    case logFormat = "log_format"

    var environmentName: String { "HEXTANT_\(rawValue.uppercased())" }
}
