"""Colours as colour-blind readers see them, after Machado, Oliveira and Fernandes (2009), severity 1."""

VISIONS = {
    "normal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ],
}


def difference(first, second, vision):
    """CIE76 distance of two sRGB colours (0..255 each) as seen with `vision`; 2.3 is just noticeable side by side."""
    pair = [_lab(_seen(colour, VISIONS[vision])) for colour in (first, second)]
    return sum((a - b) ** 2 for a, b in zip(*pair)) ** 0.5


def _seen(colour, matrix):
    linear = [_linear(channel / 255) for channel in colour]
    return [min(1, max(0, sum(weight * value for weight, value in zip(row, linear)))) for row in matrix]


def _linear(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _lab(rgb):
    """CIE L*a*b* under D65 of linear sRGB."""
    red, green, blue = rgb
    x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    fx, fy, fz = (_cube_root(value) for value in (x / 0.9505, y, z / 1.089))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _cube_root(value):
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116
