"""Risk by its definition (docs/scoring.md), computed from points with numpy and PyPI's H3, without Hextant."""

from collections import Counter
from datetime import timedelta

import h3
import numpy as np

LEVELS = np.array(["low", "medium", "high", "critical"])


def scored(points, resolution, first, last, normalization="minmax", weights=(0.5, 0.3, 0.2)):
    """The rows by (cell, day) of a run over the days from `first` to `last`; `points` are (day, latitude, longitude).
    """
    length = (last - first).days + 1
    counts = daily_counts(points, resolution, first - timedelta(days=7), last)
    cells = sorted(counts)
    table = np.array([counts[cell] for cell in cells], dtype=float)  # a row per cell, a column per day
    run = table[:, 7:]
    rolling = sum(table[:, 7 - back : 7 - back + length] for back in range(7)) / 7
    previous = sum(table[:, 7 - back : 7 - back + length] for back in range(1, 8)) / 7
    growth = (run - previous) / np.maximum(previous, 1 / 7)
    risk = weights[0] * run + weights[1] * growth + weights[2] * rolling
    mean = run.mean(axis=1, keepdims=True)
    deviation = run.std(axis=1, keepdims=True)
    z = np.divide(run - mean, deviation, out=np.zeros_like(run), where=deviation > 0)

    where = np.nonzero(run >= 1)
    scores = _scores(risk[where], normalization)
    figures = zip(*where, run[where], rolling[where], growth[where], risk[where], scores, z[where], _flags(run)[where])
    return {
        (cells[row], first + timedelta(days=int(column))): {
            "event_count": int(count),
            "rolling_7d_avg": average,
            "growth_rate": rate,
            "risk": value,
            "risk_score": score,
            "risk_level": level(score),
            "z_score": deviations,
            "anomaly": bool(flag),
        }
        for row, column, count, average, rate, value, score, deviations, flag in figures
    }


def daily_counts(points, resolution, first, last):
    """The events by cell: an array with a number for each day from `first` to `last`."""
    counts = {}
    for (cell, day), count in Counter(
        (h3.latlng_to_cell(latitude, longitude, resolution), day)
        for day, latitude, longitude in points
        if first <= day <= last
    ).items():
        counts.setdefault(cell, np.zeros((last - first).days + 1, dtype=int))[(day - first).days] = count
    return counts


def level(score):
    return str(LEVELS[int(np.searchsorted([25, 50, 75], score))])


def _scores(risk, normalization):
    if normalization == "minmax":
        spread = risk.max() - risk.min()
        return 100 * (risk - risk.min()) / spread if spread > 0 else np.zeros_like(risk)
    # Risks that are equal on paper may differ in their last digits, depending on the order of the sums.
    exact = np.round(risk, 12)
    return 100 * np.array([np.count_nonzero(exact < each) for each in exact]) / (len(exact) - 1)


def _flags(run):
    """Whether z >= 2, in integers: n c - S >= 2 sqrt(n Q - S^2), with S and Q the sums of the counts and their squares.
    """
    run = run.astype(int)
    n = run.shape[1]
    total = run.sum(axis=1, keepdims=True)
    variance = n * (run**2).sum(axis=1, keepdims=True) - total**2
    above = n * run - total
    return (above > 0) & (variance > 0) & (above**2 >= 4 * variance)
