import { element } from "../lib/element.js";
import { period } from "../lib/days.js";
import { differencePeriods } from "../lib/difference.js";

/**
 * Shows a second map at the left with the other period, while the state asks for both beside each other. `build(map)`
 * adds to a new map what belongs to it and returns what `addDifference` does; `create(container)` makes the map.
 */
export function startBeside(map, state, { create, build, onChange }) {
  const stage = map.getContainer().parentElement;
  let other = null; // {map, container, cells}
  let opening = Promise.resolve();
  let isFirst = true;

  const isWanted = ({ side, layer }) => side && layer === "difference";
  const names = [element("p", { class: "beside-name at-left" }), element("p", { class: "beside-name at-right" })];
  const tell = (values) => {
    const [days, before] = differencePeriods(values);
    names[0].textContent = period(...before);
    names[1].textContent = period(...days);
  };

  async function open(keepsPlace) {
    const seen = map.getBounds();
    const container = element("div", { id: "map-beside", class: "map-beside" });
    map.getContainer().before(container);
    stage.append(...names);
    document.body.dataset.beside = "on";
    map.resize();
    // In half of the width the same is seen, unless a link says from where.
    if (keepsPlace) map.fitBounds(seen, { animate: false });
    const made = { map: create(container), container, cells: null };
    other = made;
    follow(map, made.map, made);
    follow(made.map, map, made);
    onChange();
    await new Promise((resolve) => made.map.once("load", resolve));
    if (other !== made) return;
    made.cells = build(made.map);
  }

  function close() {
    const { map: gone, container } = other;
    other = null;
    gone.remove();
    container.remove();
    names.forEach((each) => each.remove());
    delete document.body.dataset.beside;
    map.resize();
    onChange();
  }

  /** Moves one map with the other, without an echo, as long as both are there. */
  function follow(from, to, made) {
    from.on("move", () => {
      if (other !== made || to.isFollowing) return;
      from.isFollowing = true;
      to.jumpTo({ center: from.getCenter(), zoom: from.getZoom(), padding: from.getPadding() });
      from.isFollowing = false;
    });
  }

  state.follow(["side", "layer", "date", "period", "compare", "first"], (values) => {
    tell(values);
    if (isWanted(values) && !other) opening = open(!isFirst);
    if (!isWanted(values) && other) close();
    isFirst = false;
  });

  return {
    /** The maps that are seen, from left to right. */
    maps: () => (other ? [other.map, map] : [map]),
    paint: () => other?.cells?.paint(),
    settled: () => opening.then(() => other?.cells?.settled()),
    cells: () => other?.cells?.cells() ?? [],
  };
}
