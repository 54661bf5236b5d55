import { longDay } from "./days.js";
import { LEVELS } from "./levels.js";
import { clearNotice, showBusy, showNotice } from "./notice.js";

/** Says in words what the map shows: loading, failed or empty; for screen readers also the day and its cells. */
export function startReport(map, risk, state) {
  const announcer = document.getElementById("announcer");
  let announced = "";

  map.on("dataloading", ({ sourceId }) => {
    if (risk.owns(sourceId)) showBusy(true);
  });
  map.on("error", ({ error, sourceId }) => {
    if (risk.owns(sourceId)) fail(risk, error);
  });
  map.on("movestart", () => clearNotice("error"));
  state.on(["date", "resolution"], () => clearNotice("error"));

  map.on("idle", () => {
    showBusy(false);
    const values = state.get();
    const count = new Set(risk.cells().map((feature) => feature.id)).size;
    if (count > 0) clearNotice("empty");
    else showNotice("empty", reason(values));
    const subject = [values.date, values.levels, values.resolution].join();
    if (values.playing || subject === announced) return;
    announced = subject;
    announcer.textContent = `${longDay(values.date)}: ${count} ${count === 1 ? "cell" : "cells"} in view`;
  });
}

function reason({ date, levels }) {
  if (levels.length === 0) return "All risk levels are switched off.";
  const day = longDay(date);
  if (levels.length < LEVELS.length) return `No cells here on ${day} at the levels that are switched on.`;
  return `No events here on ${day}. Choose another day or move the map.`;
}

function fail(risk, error) {
  const cause = error?.status ? `the server answered with status ${error.status}` : "the server cannot be reached";
  showNotice("error", `Some cells could not be loaded: ${cause}.`, {
    label: "Try again",
    run: () => {
      clearNotice("error");
      risk.retry();
    },
  });
}
