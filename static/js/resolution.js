/** Mean edge of a cell in kilometres by resolution, from the H3 documentation's table of cell statistics. */
const EDGE_KM = [
  1281.256, 483.057, 182.513, 68.979, 26.072, 9.854, 3.725, 1.406, 0.531, 0.201, 0.076, 0.0287, 0.0108, 0.0041, 0.0015,
  0.0006,
];

/** The choice of the cell size: by zoom, as configured on the server, or one of the dataset's resolutions. */
export function startResolution(state, resolutions) {
  const select = document.getElementById("resolution");
  select.append(new Option("Automatic, by zoom", ""));
  for (const resolution of resolutions) {
    select.append(new Option(`${across(resolution)} across (${resolution})`, String(resolution)));
  }
  const show = (values) => { select.value = values.resolution === null ? "" : String(values.resolution); };
  select.addEventListener("change", () => {
    state.set({ resolution: select.value === "" ? null : Number(select.value) });
  });
  state.on(["resolution"], show);
  show(state.get());
}

/** The width of a hexagon from corner to corner is twice its edge. */
function across(resolution) {
  const kilometres = 2 * EDGE_KM[resolution];
  return kilometres >= 1 ? `${kilometres.toPrecision(2)} km` : `${Math.round(kilometres * 1000)} m`;
}
