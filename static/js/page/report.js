import { isCell, resolutionOf } from "../lib/cells.js";
import { CLASSES, LEVELS } from "../lib/choices.js";
import { longDay } from "../lib/days.js";
import { asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { headline } from "../panels/sentences.js";
import { clearNotice, showBusy, showNotice } from "./notice.js";

const PAUSE = 100; // ms of quiet before cells are counted

/**
 * Says in words what the map shows: loading, failed or empty; for screen readers also the day and its cells. Tells the
 * state which size of cells is shown. `problems` are errors of the map that nobody has told yet.
 */
export function startReport(map, cells, state, problems) {
  const announcer = document.getElementById("announcer");
  let announced = "";

  map.on("dataloading", ({ sourceId }) => {
    if (cells.owns(sourceId)) showBusy(true);
  });
  const tell = ({ error, sourceId }) => {
    if (cells.owns(sourceId)) fail(cells, error, state.get().layer);
  };
  map.on("error", tell);
  problems.forEach(tell);
  if (!map.areTilesLoaded()) showBusy(true);
  map.on("movestart", () => clearNotice("error"));
  state.on(["date", "resolution", "layer"], () => clearNotice("error"));

  // What is drawn is seen before it is counted, and of what follows quickly the last is.
  let timer = 0;
  map.on("idle", () => {
    showBusy(false);
    clearTimeout(timer);
    timer = setTimeout(report, PAUSE);
  });

  function report() {
    const values = state.get();
    const drawn = new Set(cells.cells().map(({ properties }) => properties.h3_index ?? properties.id));
    if (drawn.size > 0) {
      clearNotice("empty");
      // Otherwise it is known without looking.
      const [one] = drawn;
      if (values.resolution === "zoom" && isCell(one)) state.set({ shownResolution: resolutionOf(one) });
    } else if (cells.isPending()) {
      return;
    } else {
      showNotice("empty", reason(values));
    }
    const { date, levels, resolution, layer, period, compare, measure } = values;
    const subject = [date, levels, resolution, layer, period, compare, measure].join();
    if (values.playing || subject === announced) return;
    announced = subject;
    const count = text(layer === "areas" ? "areas" : "cells", { count: drawn.size, number: asWhole(drawn.size) });
    announcer.textContent = `${values.layer === "risk" ? longDay(values.date) : headline(values)}: ${count}`;
  }
}

function reason({ date, levels, classes, layer }) {
  if (layer === "difference") return text("empty.difference");
  if (layer === "areas") return text("empty.areas");
  const isPartial = layer === "class" && classes.length < CLASSES.length;
  if (layer !== "risk") return text(isPartial ? "empty.classes" : "empty.outlook");
  if (levels.length === 0) return text("empty.levelsOff");
  const day = longDay(date);
  return text(levels.length < LEVELS.length ? "empty.levels" : "empty.day", { day });
}

function fail(cells, error, layer) {
  const cause = error?.status ? text("server.status", { status: error.status }) : text("server.away");
  showNotice("error", text(layer === "areas" ? "map.failed.areas" : "map.failed", { cause }), {
    label: text("retry"),
    run: () => {
      clearNotice("error");
      cells.retry();
    },
  });
}
