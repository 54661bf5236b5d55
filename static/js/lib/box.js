/** A box with west left of east: over the antimeridian, where west is above east, its east goes on beyond 180°. */
export function unwrapped([west, south, east, north]) {
  return [west, south, west > east ? east + 360 : east, north];
}

/** A longitude moved by whole turns to within half a turn of another one. */
export function near(longitude, other) {
  return longitude + 360 * Math.round((other - longitude) / 360);
}
