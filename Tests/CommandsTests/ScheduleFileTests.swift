import Domain
import Foundation
import Jobs
import TestDomain
import Testing

@testable import Commands

struct ScheduleFileTests {
    private static func schedules(_ text: String) throws -> [JobSchedule] {
        try ScheduleFile(text, path: "s.yaml").schedules
    }

    /// The example of docs/jobs.md.
    @Test func aScheduleIsItsNameItsTimesAndItsJob() throws {
        let schedules = try Self.schedules(
            """
            - name: toronto-nightly
              cron: "15 3 * * *"
              time_zone: America/Toronto
              dataset: toronto
              resolutions: [7, 8]
            - name: serve-hourly
              cron: "0 * * * *"
              job: refresh
            """)
        #expect(
            schedules == [
                JobSchedule(
                    name: "toronto-nightly", cron: try CronExpression("15 3 * * *", timeZone: "America/Toronto"),
                    job: .score(RunOrder(dataset: "toronto", resolutions: [7, 8]))),
                JobSchedule(
                    name: "serve-hourly", cron: try CronExpression("0 * * * *", timeZone: "UTC"), job: .refresh),
            ])
    }

    @Test func whatIsNotSaidIsAllOfTheDatasetByMinmaxWithARefresh() throws {
        let schedules = try Self.schedules("- {name: a, cron: 0 0 * * *, dataset: d}\n")
        let order = try #require(schedules.first).job.order()
        #expect(order == RunOrder(dataset: "d", resolutions: [], normalization: .minmax, refresh: true))
    }

    @Test func everyKeyOfAScoreIsTaken() throws {
        let schedules = try Self.schedules(
            """
            - name: a
              cron: 0 0 * * *
              job: score
              dataset: d
              resolutions: [9, 7, 9, 0, 15]
              from: 2021-01-01
              to: 2021-12-31
              normalization: percentile
              refresh: false
            """)
        let order = try #require(schedules.first).job.order()
        #expect(
            order
                == RunOrder(
                    dataset: "d", resolutions: [0, 7, 9, 15], from: LocalDay("2021-01-01"), to: LocalDay("2021-12-31"),
                    normalization: .percentile, refresh: false))
    }

    @Test func onePeriodMayBeOneDay() throws {
        let schedules = try Self.schedules(
            "- {name: a, cron: 0 0 * * *, dataset: d, from: 2021-01-01, to: 2021-01-01}\n")
        let order = try #require(schedules.first).job.order()
        #expect(order.from == order.to)
    }

    @Test(arguments: ["", "# later\n", "[]\n"])
    func aFileWithoutSchedulesHasNone(text: String) throws {
        #expect(try Self.schedules(text) == [])
    }

    private static let good = "- name: a\n  cron: 0 0 * * *\n"
    private static let longest = String(repeating: "ä", count: 50)

    @Test func aNameMayHave100Bytes() throws {
        let text = "- {name: \(Self.longest), cron: 0 0 * * *, job: refresh}\n"
        #expect(try Self.schedules(text).map(\.name) == [Self.longest])
    }

    @Test(
        arguments: [
            ("# first\nname: a\n", "2: expected a list of schedules"),
            ("- nightly\n", "1: expected a schedule with name and cron"),
            ("\(good)  job: refresh\n- 7\n", "4: expected a schedule with name and cron"),
            (
                "\(good)  job: refresh\n  colour: red\n",
                "4: \"colour\" is not a key of a schedule; the keys are: name, cron, time_zone, "
            ),
            (
                "\(good)  job: refresh\n  timezone: UTC\n",
                "4: \"timezone\" is not a key of a schedule; did you mean \"time_zone\"?; the keys are: name, "
            ),
            ("- cron: 0 0 * * *\n", "1: name: is needed, at most 100 bytes"),
            ("- name: ''\n  cron: 0 0 * * *\n", "1: name: is needed, at most 100 bytes"),
            ("- name: x\(longest)\n", "1: name: is needed, at most 100 bytes"),
            ("- name: [a]\n", "1: name: must be a single value"),
            ("- name: a\n  job: refresh\n", "1: cron: is needed"),
            ("- name: a\n  cron: 0 0 * *\n  job: refresh\n", "2: cron: \"0 0 * *\" must have five fields"),
            ("- name: a\n  cron: 0 0 31 2 *\n  job: refresh\n", "2: cron: \"0 0 31 2 *\" never falls due"),
            (
                "\(good)  time_zone: Mars/Utopia\n  job: refresh\n",
                "2: cron: \"Mars/Utopia\" is not a known IANA time zone"
            ),
            (
                "\(good)  job: rescore\n",
                "3: job: must be one of score, refresh, retention, remediate, areas, outlook, evaluation"
            ),
            ("\(good)  job: refresh\n  dataset: d\n", "4: dataset: cannot be used with job: refresh"),
            ("\(good)  refresh: true\n  job: refresh\n", "3: refresh: cannot be used with job: refresh"),
            ("\(good)  job: retention\n  from: 2021-01-01\n", "4: from: cannot be used with job: retention"),
            (
                "\(good)  dataset: d\n  job: remediate\n  refresh: false\n",
                "5: refresh: cannot be used with job: remediate"
            ),
            ("- {name: a, cron: 0 0 * * *, job: remediate}\n", "1: dataset: is needed: the slug of a dataset"),
            ("\(good)  dataset: d\n  mapping: usgs\n", "4: mapping: cannot be used with job: score"),
            (good, "1: dataset: is needed: the slug of a dataset"),
            ("\(good)  dataset: ''\n", "3: dataset: must be a slug: 1 to 63 of a-z, 0-9, - and _"),
            ("\(good)  dataset: New York\n", "3: dataset: must be a slug"),
            (
                "\(good)  dataset: d\n  resolutions: 7\n",
                "4: resolutions: must be a list of H3 resolutions from 0 to 15"
            ),
            (
                "\(good)  dataset: d\n  resolutions: []\n",
                "4: resolutions: must be a list of H3 resolutions from 0 to 15"
            ),
            ("\(good)  dataset: d\n  resolutions: [7, 16]\n", "4: resolutions: must be a list of H3 resolutions"),
            ("\(good)  dataset: d\n  resolutions: [7, all]\n", "4: resolutions: must be a list of H3 resolutions"),
            ("\(good)  dataset: d\n  from: 2021-02-29\n", "4: from: must be a date such as 2021-12-31"),
            ("\(good)  dataset: d\n  to: yesterday\n", "4: to: must be a date such as 2021-12-31"),
            ("\(good)  dataset: d\n  to: 2021-01-01\n  from: 2021-01-02\n", "4: to: is before from"),
            ("\(good)  dataset: d\n  normalization: rank\n", "4: normalization: must be minmax or percentile"),
            ("\(good)  dataset: d\n  refresh: yes\n", "4: refresh: must be true or false"),
            ("\(good)  dataset: d\n  outlook: maybe\n", "4: outlook: must be true or false"),
            ("\(good)  dataset: d\n  horizon: 7\n", "4: horizon: cannot be used with job: score"),
            ("\(good)  job: outlook\n", "1: dataset: is needed: the slug of a dataset"),
            (
                "\(good)  dataset: d\n  job: outlook\n  horizon: 29\n",
                "5: horizon: must be a number of days from 1 to 28"
            ),
            ("\(good)  dataset: d\n  job: outlook\n  kind: all\n", "5: kind: cannot be used with job: outlook"),
            (
                "\(good)  dataset: d\n  job: evaluation\n  kind: A b\n",
                "5: kind: must be all or the name of a group of event types"
            ),
            ("\(good)  job: refresh\n\(good)  job: refresh\n", "4: name: \"a\" occurs twice"),
        ] as [(String, String)])
    func whatCannotBeUsedIsRefusedByLineAndKey(text: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.schedules(text) }
        #expect(error?.description.hasPrefix("s.yaml:\(message)") == true, "\(error?.description ?? "no error")")
    }

    @Test func everyFaultIsToldInTheOrderOfTheLines() {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.schedules("\(Self.good)  colour: red\n- cron: 0 0 * * *\n  from: yesterday\n  dataset: d\n")
        }
        #expect(
            error?.lines.map { $0.prefix { $0 != "," } } == [
                "s.yaml:1: dataset: is needed: the slug of a dataset",
                "s.yaml:3: \"colour\" is not a key of a schedule; the keys are: name",
                "s.yaml:4: name: is needed",
                "s.yaml:5: from: must be a date such as 2021-12-31",
            ])
    }

    @Test func aRetentionIsOfOneDatasetOrOfAll() throws {
        let schedules = try Self.schedules(
            """
            - {name: a, cron: 0 0 * * *, job: retention}
            - {name: b, cron: 0 0 * * *, job: retention, dataset: d}
            - {name: c, cron: 0 0 * * *, job: remediate, dataset: d, mapping: usgs, reason: bad_number}
            """)
        #expect(
            schedules.map(\.job) == [
                .retention(), .retention(of: "d"),
                .remediate(RemediationOrder(dataset: "d", mapping: "usgs", reason: "bad_number")),
            ])
    }

    @Test func outlooksAndEvaluationsAreScheduled() throws {
        let schedules = try Self.schedules(
            """
            - {name: a, cron: 0 0 * * *, dataset: d, outlook: true}
            - {name: b, cron: 0 0 * * *, dataset: d, job: outlook}
            - {name: c, cron: 0 0 * * *, dataset: d, job: outlook, resolutions: [8, 7], horizon: 28, refresh: false}
            - {name: e, cron: 0 0 * * *, dataset: d, job: evaluation, horizon: 1, kind: violence}
            """)
        #expect(
            schedules.map(\.job) == [
                .score(RunOrder(dataset: "d", resolutions: [], outlook: true)),
                .outlook(OutlookOrder(dataset: "d")),
                .outlook(OutlookOrder(dataset: "d", resolutions: [7, 8], horizon: 28, refresh: false)),
                .evaluation(EvaluationOrder(dataset: "d", kind: .group("violence"), horizon: 1)),
            ])
    }

    @Test func trainingsAndLooksAtDriftAreScheduled() throws {
        let schedules = try Self.schedules(
            """
            - {name: a, cron: 0 0 * * *, job: drift}
            - {name: b, cron: 0 0 * * *, job: drift, dataset: d}
            - {name: c, cron: 0 0 * * *, dataset: d, job: training, model: clustering}
            - {name: e, cron: 0 0 * * *, dataset: d, job: training, model: classification, seed: 7, activate: true}
            """)
        #expect(
            schedules.map(\.job) == [
                .drift(), .drift(of: "d"), .training(TrainingOrder(dataset: "d", kind: .clustering)),
                .training(TrainingOrder(dataset: "d", kind: .classification, seed: 7, activate: true)),
            ])
    }

    @Test(arguments: [
        ("  job: training\n  dataset: d\n", "1: model: must be clustering or classification"),
        ("  job: refresh\n  model: clustering\n", "4: model: cannot be used with job: refresh"),
    ])
    func aTrainingNeedsItsKindAndNothingElseHasOne(keys: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.schedules("- name: a\n  cron: 0 0 * * *\n\(keys)")
        }
        #expect(error?.description.hasPrefix("s.yaml:\(message)") == true, "\(error?.description ?? "no error")")
    }

    @Test func whatIsNotYAMLIsRefusedByLine() {
        let error = #expect(throws: ConfigurationError.self) { try Self.schedules("\(Self.good)  job: [\n") }
        let message = error?.description ?? "no error"
        #expect(message.hasPrefix("s.yaml is not YAML: 4:1: "), "\(message)")
    }

    @Test func aFileThatIsMissingIsNamed() {
        let error = #expect(throws: ConfigurationError.self) { try ScheduleFile(path: "/nowhere/at/all.yaml") }
        #expect(error?.description == "cannot read the schedules in /nowhere/at/all.yaml")
    }
}
