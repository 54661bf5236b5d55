"""Files in Hextant's own layout, and the expected results."""

from datetime import datetime

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
GOOD = 'theft,2021-05-01T10:00:00Z,-79.4,43.7,"{""a"": 1}"\n'
# The stored rows of GOOD, as `events` returns them.
THEFT = ("theft", datetime(2021, 5, 1, 10), -79.4, 43.7, {"a": 1}, None)


def counts(told):
    return told["received"], told["accepted"], told["duplicate"], told["rejected"]


def events(database, dataset):
    return database.rows(
        """
        SELECT event_type, event_timestamp AT TIME ZONE 'UTC', ST_X(geom), ST_Y(geom), attributes_json, event_id
        FROM events WHERE dataset = %s ORDER BY event_timestamp, event_type, sequence
        """,
        [dataset],
    )


def dead_letters(database, batch):
    return database.rows("SELECT line_number, reason FROM dead_letters WHERE batch = %s ORDER BY line_number", [batch])
