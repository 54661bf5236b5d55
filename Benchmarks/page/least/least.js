// Draws the cells of a tile source in one colour and does nothing else. The fragment of the URL is {source, layer, view}.
const { source, layer, view } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const cells = { source: "cells", "source-layer": layer };
const map = new maplibregl.Map({
  container: "map",
  style: {
    version: 8,
    sources: { cells: source },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": "white" } },
      { id: "fill", type: "fill", ...cells, paint: { "fill-color": "teal", "fill-opacity": 0.5 } },
      { id: "edge", type: "line", ...cells, paint: { "line-color": "white" } },
    ],
  },
  ...view,
});
window.drawn = new Promise((resolve) => {
  map.once("idle", () => resolve([performance.now(), map.queryRenderedFeatures({ layers: ["fill"] }).length]));
});
