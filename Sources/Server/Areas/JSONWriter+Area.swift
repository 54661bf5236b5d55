import Domain
import Formats
import JSON

extension JSONWriter {
    mutating func layer(_ layer: AreaLayer) {
        object { json in
            json.field("layer", layer.slug.text)
            json.field("name", layer.name)
            json.field("areas", layer.areas)
            json.field("population", layer.population)
            json.field("parent", layer.parent?.text)
            json.field("approximate", layer.isApproximate)
            json.field("bounds", layer.bounds)
            json.field("source", layer.source)
            json.field("reference", layer.reference)
            json.field("imported_at", layer.importedAt.description)
            json.name("faults")
            json.raw(layer.faults)
        }
    }

    /// Writes a single area with all that is known of it.
    mutating func area(
        _ found: AreaAnswers.Found, _ index: Int, _ geometry: AreaGeometry, _ outline: AreaOutline?,
        _ history: AreaHistory?
    ) {
        let area = found.table.areas[index]
        object { json in
            json.field("layer", found.table.layer.slug.text)
            json.field("id", area.id)
            json.field("name", area.name)
            json.field("parent", area.parent)
            json.field("population", area.population)
            json.field("km2", area.squareKilometres)
            json.field("approximate", found.table.layer.isApproximate)
            json.object("centroid") { $0.place(area.centroid) }
            json.object("label") { $0.place(area.label) }
            json.name("geometry")
            if geometry == .label {
                json.object { $0.point(longitude: area.label.longitude, latitude: area.label.latitude) }
            } else if let outline {
                json.object { $0.outline(outline) }
            } else {
                json.null()
            }
            json.name("figures")
            if let table = found.figures {
                json.object { $0.figures(table, index, found.query?.eventTypes ?? []) }
            } else {
                json.null()
            }
            json.array("months", of: history?.months ?? []) { json, month in
                json.object { json in
                    json.field("month", String(month.month.description.prefix(7)))
                    json.field("events", month.events)
                }
            }
            json.array("kinds", of: history?.kinds ?? []) { json, kind in
                json.object { json in
                    json.field("event_type", kind.eventType)
                    json.field("events", kind.events)
                }
            }
            json.array("peers", of: found.figures?.peers[index] ?? []) { json, peer in
                let other = found.table.areas[Int(peer)]
                json.object { json in
                    json.field("id", other.id)
                    json.field("name", other.name)
                    json.field("eb_rate", found.figures?.figures[Int(peer)].empiricalBayesRate)
                }
            }
        }
    }

    private mutating func figures(_ table: AreaFigureTable, _ index: Int, _ eventTypes: [String]) {
        let figures = table.figures[index]
        field("dataset", table.counts.dataset.text)
        field("from", table.period.map { "\($0.lowerBound)" })
        field("to", table.period.map { "\($0.upperBound)" })
        array("event_types", of: eventTypes) { $0.value($1) }
        field("events", figures.events)
        field("rate", figures.rate)
        field("density", figures.density)
        field("eb_rate", figures.empiricalBayesRate)
        field("safety_score", figures.safetyScore)
        name("trend")
        if let trend = figures.trend {
            object { json in
                json.field("last", trend.last)
                json.field("before", trend.before)
                json.field("change", trend.change)
                json.field("p", trend.p)
                json.field("label", trend.label)
            }
        } else {
            null()
        }
        // Events outside all areas are in none of the figures.
        field("events_of_layer", table.counts.events)
        field("events_outside", table.counts.outside)
        field("counted_at", table.counts.countedAt.description)
    }

    private mutating func place(_ place: Area.Place) {
        field("longitude", place.longitude)
        field("latitude", place.latitude)
    }
}
