/// The HELP texts of the metrics, by their labels.
enum MetricTexts {
    static let all = [
        "breaker_open": "1 while a server that fails is left alone and not asked, by what it is.",
        "build_info": "1, with the version and the commit of this program.",
        "database_pool_wait_seconds": "Time that statements waited for a connection to PostgreSQL.",
        "database_refused_total":
            "Statements that were not sent because the database is failing or too many wait.",
        "database_sessions_leased": "Connections to PostgreSQL in use now.",
        "database_sessions_waiting": "Statements that wait for a connection to PostgreSQL now.",
        "database_statement_seconds": "Time of statements in PostgreSQL, without the wait for a connection.",
        "dataset_last_ingest_timestamp_seconds": "When the last ingest of a dataset finished, in seconds since 1970.",
        "dead_letters_open": "Rejected records of a dataset that have not become events, kept or only counted.",
        "http_request_seconds": "Time until answers were ready, without sending them, by route.",
        "http_requests_total": "Answers by route, method and status; 499 is a client that left before.",
        "jobs_ended_total": "Jobs of all workers that finished or failed for good, by kind.",
        "jobs_waiting": "Jobs that are due and that no worker has begun, by kind.",
        "jobs_waiting_seconds": "How long the first job that is due has waited for a worker.",
        "outlook_evaluations_behind":
            "Newest evaluations of forecasts in which a simpler forecast is ahead by more than chance explains.",
        "rate_limited_total": "Requests refused with 429 because of a rate limit.",
        "rate_limits_counted_alone_total":
            "Requests that this server counted alone because Redis did not answer.",
        "stored_tiles_damaged_total": "Tiles in Redis that could not be used and were made again.",
        "tile_lock_waits_total": "Tiles that another server was making at the same time.",
        "tile_memory_bytes": "Size of the tiles in memory.",
        "tile_memory_evicted": "Tiles that left the memory to make room, since the start.",
        "tile_memory_tiles": "Number of tiles in memory.",
        "tile_query_seconds": "Time of the statement that makes a tile, without the wait for a connection.",
        "tile_replica_fallbacks_total": "Tiles made by the primary because the replica failed or was behind.",
        "tile_requests_coalesced_total": "Requests for tiles that waited for a query already under way.",
        "tile_requests_total": "Lookups of tiles by tier, outcome and zoom; a miss goes on to the next tier.",
        "tile_sent_bytes_total": "Bytes of tiles as they were sent.",
        "tile_stale_total": "Old tiles that were sent because no newer one could be made.",
        "tile_warmed_total": "Tiles made in advance after a refresh.",
        "tiles_cut_total": "Tiles made with fewer cells or events than there are, by zoom.",
        "upload_disk_bytes": "Disk space that the bodies of uploads take.",
        "uploads_refused_total": "Uploads refused because there were too many, or no disk space.",
        "uploads_running": "Uploads under way.",
        "view_generation": "Generation of the view that this server serves.",
        "view_refreshed_timestamp_seconds": "When the served view was last refreshed, in seconds since 1970.",
    ]
}
