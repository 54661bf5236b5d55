const SWIPE = 24; // px that a finger must move before the sheet follows

/** On a phone the panel is a sheet at the bottom, opened and closed by its handle: a tap, a swipe, or the keyboard. */
export function startSheet() {
  const handle = document.getElementById("handle");
  let startY = null;
  let swiped = false;
  const set = (open) => {
    document.body.dataset.sheet = open ? "expanded" : "collapsed";
    handle.setAttribute("aria-expanded", String(open));
  };
  handle.addEventListener("pointerdown", (event) => {
    startY = event.clientY;
    swiped = false;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (startY === null || Math.abs(event.clientY - startY) < SWIPE) return;
    set(event.clientY < startY);
    startY = null;
    swiped = true;
  });
  handle.addEventListener("pointerup", () => { startY = null; });
  handle.addEventListener("click", () => {
    if (!swiped) set(document.body.dataset.sheet !== "expanded");
    swiped = false;
  });
  return { close: () => set(false) };
}

/** The part of the map, in px, that controls cover. It is kept free when the map is moved to a place. */
export function coveredPadding() {
  const stage = document.querySelector(".stage").getBoundingClientRect();
  const masthead = document.querySelector(".masthead").getBoundingClientRect();
  const overlay = document.getElementById("timeline").getBoundingClientRect();
  const legend = document.getElementById("sheet").getBoundingClientRect();
  const phone = masthead.right > stage.left + 1;
  const top = phone ? Math.max(0, masthead.bottom - stage.top) : 0;
  const bottom = Math.max(0, stage.bottom - (phone && legend.height > 0 ? legend.top : overlay.top));
  return { top, bottom: Math.min(bottom, stage.height / 2), left: 0, right: 0 };
}
