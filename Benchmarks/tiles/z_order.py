"""The numbers on the Z-order curve that cells near a tile have: Sources/TileMath/ZOrder.swift says how."""

import math

RADIUS = 6_378_137
EXTENT = math.pi * RADIUS
ZOOM = 28
MOST_SQUARES = 17
MOST_RANGES = 16


def number(column, row):
    return sum((column >> bit & 1) << 2 * bit | (row >> bit & 1) << (2 * bit + 1) for bit in range(ZOOM))


def ranges(z, x, y, resolution, margin=64 / 4096):
    """Pairs of the first and the last number, in order."""
    side = 2 * EXTENT / 2**z
    west, north = x * side - EXTENT, EXTENT - y * side
    farthest = max(abs(north), abs(north - side)) + margin * side
    reach = math.inf
    for _ in range(4):
        far = min(farthest + 2 * reach, EXTENT)
        reach = 1.12 * 1_281_256 / 7 ** (resolution / 2) * math.cosh(far / RADIUS)
    around = margin * side + reach
    span = side + 2 * around
    level = min(max(int(math.log2((MOST_SQUARES - 1) * 2 * EXTENT / span)), 0), ZOOM)

    def square(metres):
        return min(max(int(metres / (2 * EXTENT) * 2**level), 0), 2**level - 1)

    left, top = west - around + EXTENT, EXTENT - north - around
    numbers = sorted(
        number(column, row)
        for row in range(square(top), square(top + span) + 1)
        for column in range(square(left), square(left + span) + 1))
    shift = 2 * (ZOOM - level)
    found = []
    for each in numbers:
        first, last = each << shift, ((each + 1) << shift) - 1
        if found and found[-1][1] + 1 == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    while len(found) > MOST_RANGES:
        gap = min(range(1, len(found)), key=lambda place: found[place][0] - found[place - 1][1])
        found[gap - 1:gap + 1] = [(found[gap - 1][0], found[gap][1])]
    return [(-1, -1), *found]
