"""The outlook by the definitions of docs/outlook.md, slowly: loops and dictionaries over cells, for comparison.

Nothing here is shared with the server. The study area is found by the convex hull of points in space, where the server
projects them onto a plane; sums are made anew for each day, where the server keeps them up. Needs h3, numpy and scipy.
"""

import datetime
import math

import h3
import numpy
import scipy.spatial
import scipy.stats

HALF_LIVES = (30, 120, 1000)
KNOTS = (0, 4, 20, 100)
USUAL = {
    "weights": [
        [0, 0, 1.3, 0, 0.02, 0.01], [0, 0.05, 0.85, 0.03, 0.03, 0.01], [0.04, 0.1, 0.8, 0.05, 0, 0.01],
        [0.08, 0.4, 0.5, 0.04, 0, 0],
    ],
    "everywhere": 0.002, "noise": 0.06, "steadiness": 25,
}


def unit_vector(cell):
    latitude, longitude = map(math.radians, h3.cell_to_latlng(cell))
    flat = math.cos(latitude)
    return numpy.array([flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)])


def study_area(events, candidates):
    """The cells with events and those of `candidates` whose centre is in the convex hull on the sphere."""
    points = numpy.array([unit_vector(cell) for cell in sorted(set(events))])
    # The cone over the points from the Earth's centre: its faces through the centre are the hull's edges.
    hull = scipy.spatial.ConvexHull(numpy.vstack([numpy.zeros(3), points]))
    sides = hull.equations[(hull.simplices == 0).any(axis=1), :3]
    centres = numpy.array([unit_vector(cell) for cell in candidates])
    inside = (centres @ sides.T <= 1e-12).all(axis=1)
    return sorted(set(events) | {cell for cell, is_in in zip(candidates, inside) if is_in})


def neighbours(cells):
    known = set(cells)
    return {cell: [other for other in h3.grid_disk(cell, 1) if other != cell and other in known] for cell in cells}


def gi_star(counts, ring):
    """z of every cell; counts and result are by cell."""
    n = len(counts)
    mean = sum(counts.values()) / n
    deviation = math.sqrt(max(0, sum(value**2 for value in counts.values()) / n - mean**2))
    scores = {}
    for cell in counts:
        members = [cell, *ring[cell]]
        w = len(members)
        if len(set(counts.values())) == 1 or w == n:
            scores[cell] = 0.0
            continue
        scores[cell] = (sum(counts[c] for c in members) - mean * w) / (
            deviation * math.sqrt((n * w - w**2) / (n - 1)))
    return scores


def two_sided(z):
    return 2 * scipy.stats.norm.sf(abs(z))


def mann_kendall(series):
    """s, variance and p."""
    n = len(series)
    s = sum(numpy.sign(series[j] - series[i]) for i in range(n) for j in range(i + 1, n))
    _, ties = numpy.unique(series, return_counts=True)
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    z = 0.0 if s == 0 or variance == 0 else (s - numpy.sign(s)) / math.sqrt(variance)
    return int(s), float(variance), float(two_sided(z))


def false_discovery_threshold(p_values, alpha):
    ordered = sorted(p_values)
    passing = [p for k, p in enumerate(ordered, 1) if p <= k * alpha / len(ordered)]
    return max(passing, default=None)


def hot_spot_class(spots, trend, p, alpha):
    """The class by the published definitions; `spots` has 1, 0 or -1 for each step, oldest first."""
    def side(sign, name):
        marks = [spot == sign for spot in spots]
        often = sum(marks) >= 0.9 * len(marks) - 1e-9
        if not marks[-1]:
            return f"historical_{name}" if often else None
        if sum(marks) == 1:
            return f"new_{name}"
        if often:
            if p <= alpha and trend * sign > 0:
                return f"intensifying_{name}"
            return f"diminishing_{name}" if p <= alpha and trend * sign < 0 else f"persistent_{name}"
        first = marks.index(True)
        if all(marks[first:]):
            return f"consecutive_{name}"
        return f"oscillating_{name}" if -sign in spots else f"sporadic_{name}"

    if spots[-1]:
        return side(spots[-1], "hot" if spots[-1] > 0 else "cold")
    return side(1, "hot") or side(-1, "cold") or "none"


def hot_spots(steps, alpha=0.05):
    """The class of each cell; `steps` is a list of counts by cell, oldest first."""
    ring = neighbours(steps[0].keys())
    scores = [gi_star(step, ring) for step in steps]
    threshold = false_discovery_threshold([two_sided(z) for step in scores for z in step.values()], alpha)
    classes = {}
    for cell in steps[0]:
        series = [step[cell] for step in scores]
        spots = [
            int(numpy.sign(z)) if threshold is not None and two_sided(z) <= threshold * (1 + 1e-12) else 0
            for z in series]
        s, _, p = mann_kendall(series)
        classes[cell] = hot_spot_class(spots, s, p, alpha)
    return classes


class Calendar:
    """The factors of weekdays and seasons, from the totals of all days before a day."""

    def __init__(self):
        self.weekdays, self.seasons = [1.0] * 7, [1.0] * 73
        self.weekday_sums = [[0.0, 0.0] for _ in range(7)]
        self.season_sums = [[0.0, 0.0] for _ in range(73)]
        self.totals = []

    @staticmethod
    def bin(day):
        return min((day.timetuple().tm_yday - 1) // 5, 72)

    def factor(self, day):
        # The server counts weekdays from 1970-01-01, a Thursday.
        return self.weekdays[(day.weekday() - 3) % 7] * self.seasons[self.bin(day)]

    def add(self, total, day, level):
        weekday, season = (day.weekday() - 3) % 7, self.bin(day)
        weekday_factor, season_factor = self.weekdays[weekday], self.seasons[season]
        before = len(self.totals)
        self.totals.append(total)
        if before >= 28:
            self.weekday_sums[weekday][0] += total
            self.weekday_sums[weekday][1] += level * season_factor
            raw = [(events + 200) / (expected + 200) for events, expected in self.weekday_sums]
            self.weekdays = [value * 7 / sum(raw) for value in raw]
        if before >= 365:
            self.season_sums[season][0] += total
            self.season_sums[season][1] += sum(self.totals[-365:]) / 365 * weekday_factor
            raw = []
            for middle in range(73):
                pairs = [(self.season_sums[(middle + k) % 73], 1 - abs(k) / 5) for k in range(-4, 5)]
                events, expected = (sum(pair[i] * weight for pair, weight in pairs) for i in (0, 1))
                raw.append((events + 1000) / (expected + 1000))
            self.seasons = [value * 73 / sum(raw) for value in raw]


def area_expectation(totals, first, horizon):
    """The expected events of the whole area in the `horizon` days after those of `totals`."""
    calendar, factors = Calendar(), []

    def level(count):
        fast = [0.5 ** ((count - 1 - i) / 21) for i in range(count)]
        slow = [0.5 ** ((count - 1 - i) / 365) for i in range(count)]
        usual_events = sum(w * t for w, t in zip(slow, totals))
        if usual_events == 0:
            return 0.0
        usual = usual_events / sum(w * f for w, f in zip(slow, factors))
        return (sum(w * t for w, t in zip(fast, totals)) + 250) / (
            sum(w * f for w, f in zip(fast, factors)) + 250 / usual)

    for index, total in enumerate(totals):
        day = first + datetime.timedelta(days=index)
        before = level(index)
        factors.append(calendar.factor(day))
        calendar.add(total, day, before)
    end = len(totals)
    return level(end) * sum(
        calendar.factor(first + datetime.timedelta(days=end + k)) for k in range(horizon))


def forecast(days, cells, first, horizon, model=None):
    """Mean and size of the negative binomial of each cell; `days` is a list of counts by cell."""
    model = model or USUAL
    expected = area_expectation([sum(day.values()) for day in days], first, horizon)
    ring = neighbours(cells)
    count = len(days)
    own = []
    for half_life in HALF_LIVES:
        weights = [0.5 ** ((count - 1 - i) / half_life) for i in range(count)]
        own.append({cell: sum(w * day.get(cell, 0) for w, day in zip(weights, days)) for cell in cells})
    evidence = own[-1]
    shares = [
        {cell: column[cell] / sum(column.values()) if sum(column.values()) else 1 / len(cells) for cell in cells}
        for column in own]

    def around(column, cell):
        values = [column[other] for other in ring[cell]]
        return sum(values) / len(values) if values else column[cell]

    def family(cell):
        parent = h3.cell_to_parent(cell, h3.get_resolution(cell) - 1)
        values = [shares[2][c] for c in cells if h3.cell_to_parent(c, h3.get_resolution(c) - 1) == parent]
        return sum(values) / len(values)

    result = {}
    for cell in cells:
        signals = [*(column[cell] for column in shares), around(shares[0], cell), around(shares[2], cell), family(cell)]
        weights = [
            numpy.interp(math.log1p(evidence[cell]), numpy.log1p(KNOTS), [row[i] for row in model["weights"]])
            for i in range(6)]
        mean = expected * (sum(w * s for w, s in zip(weights, signals)) + model["everywhere"] / len(cells))
        mean = max(mean, 1e-12)
        result[cell] = (mean, mean / (model["noise"] + mean / model["steadiness"]))
    return result


def negative_binomial(mean, size):
    return scipy.stats.nbinom(size, size / (size + mean))


def crps(distribution, observed):
    """E|X - y| - E|X - X'| / 2, by sums over all counts that matter."""
    counts = numpy.arange(int(distribution.isf(1e-15)) + observed + 10)
    chances = distribution.pmf(counts)
    return chances @ abs(counts - observed) - chances @ abs(counts[:, None] - counts[None]) @ chances / 2


def ranked(values, counts, share):
    """Hits of the cells ranked first, and of the best choice; ties count in part."""
    size = max(1, math.ceil(share * len(values) - 1e-9))
    boundary = sorted(values.values(), reverse=True)[size - 1]
    above = [cell for cell in values if values[cell] > boundary]
    tied = [cell for cell in values if values[cell] == boundary]
    hits = sum(counts[c] for c in above) + sum(counts[c] for c in tied) * (size - len(above)) / len(tied)
    return hits, sum(sorted(counts.values(), reverse=True)[:size]), size / len(values)
