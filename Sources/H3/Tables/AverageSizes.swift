// The numbers of this file are facts of the H3 grid, taken from uber/h3 v4.5.0:
// Copyright 2016-2021 Uber Technologies, Inc., licensed under the Apache License, Version 2.0 (see NOTICE).

extension H3Cell {
    /// The mean area of the hexagons of `resolution`, in square kilometres.
    public static func averageHexagonAreaKm2(at resolution: Resolution) -> Double {
        AverageSizes.areasKm2[resolution.number]
    }

    /// The mean area of the hexagons of `resolution`, in square metres.
    public static func averageHexagonAreaM2(at resolution: Resolution) -> Double {
        AverageSizes.areasM2[resolution.number]
    }

    /// The mean length of the edges of the hexagons of `resolution`, in kilometres.
    public static func averageHexagonEdgeLengthKm(at resolution: Resolution) -> Double {
        AverageSizes.edgesKm[resolution.number]
    }

    /// The mean length of the edges of the hexagons of `resolution`, in metres.
    public static func averageHexagonEdgeLengthM(at resolution: Resolution) -> Double {
        AverageSizes.edgesM[resolution.number]
    }
}

private enum AverageSizes {
    static let areasKm2: InlineArray<16, Double> = [
        4357449.416078383, 609788.4417941332, 86801.7803989972, 12393.43465508816,
        1770.347654491307, 252.9038581819449, 36.12906216441245, 5.161293359717191,
        0.7373275975944177, 0.1053325134272067, 0.01504750190766435, 0.002149643129451879,
        0.000307091875631606, 4.387026794728296e-05, 6.267181135324313e-06, 8.95311590760579e-07,
    ]

    static let areasM2: InlineArray<16, Double> = [
        4357449416078.3833, 609788441794.1332, 86801780398.99721, 12393434655.08816,
        1770347654.491307, 252903858.1819449, 36129062.164412454, 5161293.359717191,
        737327.5975944176, 105332.51342720671, 15047.50190766435, 2149.643129451879,
        307.091875631606, 43.870267947282954, 6.2671811353243125, 0.895311590760579,
    ]

    static let edgesKm: InlineArray<16, Double> = [
        1281.256011, 483.0568391, 182.5129565, 68.97922179,
        26.07175968, 9.85409099, 3.724532667, 1.406475763,
        0.53141401, 0.200786148, 0.075863783, 0.028663897,
        0.010830188, 0.00409201, 0.0015461, 0.000584169,
    ]

    static let edgesM: InlineArray<16, Double> = [
        1281256.011, 483056.8391, 182512.9565, 68979.22179,
        26071.75968, 9854.09099, 3724.532667, 1406.475763,
        531.4140101, 200.7861476, 75.86378287, 28.66389748,
        10.83018784, 4.092010473, 1.546099657, 0.58416863,
    ]
}
