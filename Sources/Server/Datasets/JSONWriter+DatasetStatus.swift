import Domain
import JSON

extension JSONWriter {
    /// Writes the fields of a dataset and of its served view.
    mutating func fields(of status: DatasetStatus) {
        let dataset = status.dataset
        field("holds", dataset.holds.rawValue)
        field("title", dataset.title)
        field("licence", dataset.licence)
        field("licence_url", dataset.licenceURL)
        field("attribution", dataset.attribution)
        field("time_zone", dataset.timeZone)
        array("resolutions", of: dataset.resolutions) { json, resolution in json.value(resolution) }
        field("first_day", status.days?.lowerBound.description)
        field("last_day", status.days?.upperBound.description)
        // Scores above these have at least that level.
        object("thresholds") { json in
            json.field("medium", dataset.thresholds.medium)
            json.field("high", dataset.thresholds.high)
            json.field("critical", dataset.thresholds.critical)
        }
        field(groups: dataset.groups)
        array("outlook_days", of: status.outlookDays) { json, day in json.value(day.description) }
        field("areas", dataset.areas?.text)
        // The least count that this client sees; others are hidden, and not zero.
        name("minimum_count")
        if let minimum = status.disclosure.minimum { value(minimum) } else { null() }
        field("generation", Int(status.changed))
    }

    /// Writes the groups of event types of a dataset: their types by their names.
    mutating func field(groups: [EventGroup]) {
        object("groups") { json in
            for group in groups { json.array(group.name.text, of: group.types) { json, type in json.value(type) } }
        }
    }
}
