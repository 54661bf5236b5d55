extension FaceCoordinate {
    /// The place at `resolution`, 0...15, of the cell that holds a point of the unit sphere, found without trigonometry;
    /// nil where the point lies so near to a border that rounding could make it another one than the reference's.
    ///
    /// The gnomonic projection onto the plane with unit normal c and axes u, v is (p.u / p.c, p.v / p.c).
    init?(quickly point: Vector3, resolution: Int) {
        var (best, second) = (-2.0, -2.0)
        var face = 0
        for candidate in 0..<Icosahedron.faceCount {
            let cosine = Icosahedron.center(of: candidate).dot(point)
            if cosine > best {
                second = best
                best = cosine
                face = candidate
            } else if cosine > second {
                second = cosine
            }
        }
        guard best - second > Self.faceMargin else { return nil }

        let (u, v) = Icosahedron.axes(of: face, isClassIII: resolution & 1 != 0)
        let scale = Self.scales[resolution]
        let stretch = scale / best
        let j = point.dot(v) * stretch * 1.1547005383792515
        let i = point.dot(u) * stretch + j / 2

        // The three coordinates i, -j and j - i of a place sum to 0: all are rounded, and the worst is given up.
        var place = (i: i.rounded(), j: j.rounded())
        let third = (j - i).rounded()
        let (errorI, errorJ) = (abs(i - place.i), abs(j - place.j))
        let errorThird = abs(j - i - third)
        if errorI > errorJ, errorI > errorThird {
            place.i = place.j - third
        } else if errorJ > errorThird {
            place.j = place.i + third
        }

        // 1 minus the largest of these is 0 on the border of the cell. The reference's angle from the face's centre, an
        // arc cosine, loses digits towards the centre.
        let (restI, restJ) = (i - place.i, j - place.j)
        let margin = 1 - max(abs(2 * restI - restJ), abs(2 * restJ - restI), abs(restI + restJ))
        guard margin > Self.rounding * scale * (1 + scale / (abs(i) + abs(j))) else { return nil }
        self.init(face: face, place: GridCoordinate(i: Int(place.i), j: Int(place.j)))
    }

    /// How much nearer the nearest face must be than the next, as a difference of cosines.
    private static let faceMargin = 1e-13

    /// Twenty times and more what the operations of both ways can add up to, in radians.
    private static let rounding = 2e-14

    /// The number of cells that a length of 1 in the plane of a face spans: sqrt(7)^resolution / 0.381966011250105.
    private static let scales: InlineArray<16, Double> = [
        2.618033988749896, 6.926666858146697, 18.32623792124927, 48.48666800702688,
        128.2836654487449, 339.40667604918815, 897.9856581412143, 2375.846732344317,
        6285.8996069885, 16630.927126410217, 44001.2972489195, 116416.48988487152,
        308009.0807424365, 814915.4291941007, 2156063.5651970557, 5704408.004358705,
    ]
}
