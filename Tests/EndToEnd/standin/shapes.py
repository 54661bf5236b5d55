"""Plane geometry that the sites need."""


def contains(ring, latitude, longitude):
    """Whether a point is in a ring of (latitude, longitude), or on its border: by crossings of a ray."""
    inside = False
    for (y1, x1), (y2, x2) in zip(ring, ring[1:] + ring[:1]):
        cross = (x2 - x1) * (latitude - y1) - (y2 - y1) * (longitude - x1)
        on_box = min(x1, x2) - 1e-9 <= longitude <= max(x1, x2) + 1e-9 and min(y1, y2) - 1e-9 <= latitude <= max(y1, y2) + 1e-9
        if abs(cross) < 1e-9 and on_box:
            return True
        if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
