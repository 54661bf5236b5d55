"""Plane geometry that the sites need."""


def contains(ring, latitude, longitude):
    """Whether a point is in a ring of (latitude, longitude), or on its border: by crossings of a ray."""
    inside = False
    for (y1, x1), (y2, x2) in zip(ring, ring[1:] + ring[:1]):
        cross = (x2 - x1) * (latitude - y1) - (y2 - y1) * (longitude - x1)
        is_within = abs(longitude - (x1 + x2) / 2) <= abs(x1 - x2) / 2 + 1e-9
        is_within = is_within and abs(latitude - (y1 + y2) / 2) <= abs(y1 - y2) / 2 + 1e-9
        if abs(cross) < 1e-9 and is_within:
            return True
        if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
