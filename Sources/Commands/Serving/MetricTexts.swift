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
        "feed_cache_hits_total": "Answers of sources that were at hand, by tier: memory or shared (Redis).",
        "feed_cache_misses_total": "Answers of sources that had to be asked for, or confirmed by the source.",
        "feed_circuit_breaker_state":
            "State of the breaker of a source's host: 0 closed, 1 asked once to see if it is back, 2 left alone.",
        "feed_errors_total": "Parts and requests of feeds that failed for good in this process, by kind of error.",
        "feed_last_success_timestamp_seconds":
            "When the last run of a feed ended in which no part failed, in seconds since 1970.",
        "feed_overdue_seconds":
            "How long a scheduled run of a feed is overdue; 0 when its last one succeeded in time.",
        "feed_request_duration_seconds": "Time of requests to sources, from the request to the last byte.",
        "feed_requests_total": "Requests to sources by kind, method and status; none is no answer.",
        "feed_rows_total":
            "Rows of a feed since ever that became events, were there already or were rejected, and events removed.",
        "http_request_seconds": "Time until answers were ready, without sending them, by route.",
        "http_requests_total": "Answers by route, method and status; 499 is a client that left before.",
        "jobs_ended_total": "Jobs of all workers that finished or failed for good, by kind.",
        "jobs_waiting": "Jobs that are due and that no worker has begun, by kind.",
        "jobs_waiting_seconds": "How long the first job that is due has waited for a worker.",
        "model_predictions_total": "Payments that classifiers of this server have judged.",
        "model_swaps_total": "Classifiers of this server that were replaced by another active one.",
        "models_drifted": "Active models whose data have moved away further than the alarm, at the last look.",
        "outlook_evaluations_behind":
            "Newest evaluations of forecasts in which a simpler forecast is ahead by more than chance explains.",
        "rate_limited_total": "Requests refused with 429 because of a rate limit.",
        "rate_limits_counted_alone_total":
            "Requests that this server counted alone because Redis did not answer.",
        "stored_tiles_damaged_total": "Tiles in Redis that could not be used and were made again.",
        "stream_last_stored_timestamp_seconds": "When messages of a stream were stored last, in seconds since 1970.",
        "stream_messages_behind": "Messages that the broker had, and that were not stored, when some were stored last.",
        "stream_messages_total":
            "Messages of a stream since ever, and records in them that became events, were there already or rejected.",
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
