import Domain
package import Foundation

/// The statements of `sql/` by name, read once at start.
package struct SQLFiles: Sendable {
    private let texts: [Name: String]
    /// The statements over the served view as readers without the right to small counts are answered by them.
    private let disclosed: [Name: String]

    /// The name of each file of `sql/`.
    package enum Name: String, CaseIterable, Sendable {
        case alertCells = "alert_cells"
        case alertClaim = "alert_claim"
        case alertOutlook = "alert_outlook"
        case alertRulePut = "alert_rule_put"
        case alertRules = "alert_rules"
        case alerts
        case areaAt = "area_at"
        case areaCounts = "area_counts"
        case areaHistory = "area_history"
        case areaImport = "area_import"
        case areaKinds = "area_kinds"
        case areaLayers = "area_layers"
        case areaList = "area_list"
        case areaMonths = "area_months"
        case areaOutlines = "area_outlines"
        case areaParents = "area_parents"
        case areaPoints = "area_points"
        case areaSearch = "area_search"
        case areaSums = "area_sums"
        case areaTile = "area_tile"
        case areaYears = "area_years"
        case polygonFault = "area_fault"
        case areaLabels = "area_labels"
        case auditEntries = "audit_entries"
        case auditRecord = "audit_record"
        case batchDelete = "batch_delete"
        case batchEarlier = "batch_earlier"
        case batchNewPartitionIndexes = "batch_new_chunk_indexes"
        case batches
        case batchesToRemediate = "batches_to_remediate"
        case batchKnown = "batch_known"
        case batchQuality = "batch_quality"
        case batchSample = "batch_sample"
        case batchSweep = "batch_sweep"
        case cellDays = "cell_days"
        case cellNames = "cell_names"
        case comparison
        case contentsMerge = "contents_merge"
        case countedDays = "counted_days"
        case dataset
        case datasets
        case datasetDelete = "dataset_delete"
        case datasetPut = "dataset_put"
        case datasetUsual = "dataset_usual"
        case deadLetterMark = "dead_letter_mark"
        case deadLetters = "dead_letters"
        case eventCounts = "event_counts"
        case eventExtent = "event_extent"
        case eventNames = "event_names"
        case events
        case eventTraced = "event_traced"
        case eventTypes = "event_types"
        case eventsExpire = "events_expire"
        case feedCheckpointPut = "feed_checkpoint_put"
        case feedContentsMerge = "feed_contents_merge"
        case feedLettersMerge = "feed_letters_merge"
        case feedPartGone = "feed_part_gone"
        case feedRunAdd = "feed_run_add"
        case feedStatus = "feed_status"
        case expenditures
        case expenditureAdd = "expenditure_add"
        case expenditureChange = "expenditure_change"
        case expenditureDelete = "expenditure_delete"
        case expendituresGone = "expenditures_gone"
        case expendituresMerge = "expenditures_merge"
        case expendituresStatus = "expenditures_status"
        case expendituresSwap = "expenditures_swap"
        case explainCounts = "explain_counts"
        case explainScore = "explain_score"
        case topCells = "hotspots"
        case identitiesMerge = "identities_merge"
        case jobBeat = "job_beat"
        case jobCancel = "job_cancel"
        case jobClaim = "job_claim"
        case jobEnqueue = "job_enqueue"
        case jobKnown = "job_known"
        case jobPending = "job_pending"
        case jobPrune = "job_prune"
        case jobSettle = "job_settle"
        case jobSweep = "job_sweep"
        case lettersMerge = "letters_merge"
        case livePut = "live_put"
        case liveScales = "live_scales"
        case liveStale = "live_stale"
        case localOffsets = "local_offsets"
        case modelDepartments = "model_departments"
        case modelPayments = "model_payments"
        case models
        case operationFigures = "operation_figures"
        case systemModels = "system_models"
        case systemQueues = "system_queues"
        case outlookEvaluations = "outlook_evaluations"
        case outlookRows = "outlook_rows"
        case outlookViewBuild = "outlook_view_build"
        case outlookViewSwap = "outlook_view_swap"
        case points
        case qualityFindings = "quality_findings"
        case qualityTotals = "quality_totals"
        case qualityTrend = "quality_trend"
        case queryableIndexes = "queryable_indexes"
        case riskRows = "risk_rows"
        case runExtent = "run_extent"
        case runs
        case runScale = "run_scale"
        case scorePeriods = "score_periods"
        case sessionOpen = "session_open"
        case sessionPrincipal = "session_principal"
        case sessionRenew = "session_renew"
        case sessionRevoke = "session_revoke"
        case signInBegin = "sign_in_begin"
        case spendingAreas = "spending_areas"
        case spendingCopy = "spending_copy"
        case spendingDatasets = "spending_datasets"
        case spendingPlaces = "spending_places"
        case spendingPlacesPut = "spending_places_put"
        case spendingTile = "spending_tile"
        case spendingVersion = "spending_version"
        case tile
        case tileCrowded = "tile_crowded"
        case tileDays = "tile_days"
        case tileEvents = "tile_events"
        case tileOutlook = "tile_outlook"
        case tileOutlookCrowded = "tile_outlook_crowded"
        case users
        case viewBuild = "view_build"
        case viewDisclose = "view_disclose"
        case viewPart = "view_part"
        case viewSwap = "view_swap"
    }

    /// - Throws: `StorageError` with code `.installation` that names a file that cannot be read.
    package init(folder: URL) throws(StorageError) {
        var texts: [Name: String] = [:]
        for name in Name.allCases {
            let file = "\(folder.path)/\(name.rawValue).sql"
            guard let text = FileManager.default.contents(atPath: file) else {
                throw StorageError(
                    .installation, "cannot read \(file): the installation is incomplete, or HEXTANT_HOME is wrong")
            }
            texts[name] = String(decoding: text, as: UTF8.self)
        }
        self.texts = texts
        var disclosed: [Name: String] = [:]
        for name in Self.overCounts {
            disclosed[name] = try Self.disclosed(texts[name].unsafelyUnwrapped, "\(folder.path)/\(name.rawValue).sql")
        }
        self.disclosed = disclosed
    }

    /// The statements that read the served view, whose `$1` is the dataset.
    private static let overCounts: [Name] = [.cellDays, .riskRows, .tile, .tileCrowded, .tileDays, .topCells]
    private static let servedView = "FROM mv_daily_risk m\n"
    /// The rows that were made for the minimum that the dataset has now.
    private static let disclosedView = """
        FROM (
            SELECT r.* FROM disclosed_risk r
            WHERE r.minimum_count = (SELECT d.minimum_count FROM datasets d WHERE d.slug = $1)
        ) m

        """

    /// The statement with what may be disclosed in place of what is served.
    /// - Throws: `StorageError` with code `.installation` for a statement that would still read exact counts.
    private static func disclosed(_ text: String, _ file: String) throws(StorageError) -> String {
        let disclosed = text.replacing(servedView, with: disclosedView)
        // Both mv_daily_risk and anything else that has the counts of cells has it in its name.
        guard disclosed != text, !disclosed.contains("daily_risk") else {
            throw StorageError(
                .installation, "\(file) reads counts in a way in which small ones cannot be hidden: see SQLFiles")
        }
        return disclosed
    }

    /// The statement for a reader who may know this much of small counts.
    subscript(name: Name, disclosure: Disclosure) -> String {
        switch disclosure {
        case .exact: self[name]
        // Only statements of the list are asked for in this way; none else can answer.
        case .atLeast: disclosed[name].unsafelyUnwrapped
        }
    }

    /// The steps of a file that is divided by lines `-- step: NAME`, each with its name.
    func steps(of name: Name) -> [(name: String, script: String)] {
        self[name].split(separator: "-- step: ").dropFirst().map { part in
            let line = part.prefix { !$0.isNewline }
            return (String(line), String(part.dropFirst(line.count)))
        }
    }

    package subscript(name: Name) -> String {
        // The initialiser has read the file of every case.
        texts[name].unsafelyUnwrapped
    }
}
