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
  const box = (id) => document.getElementById(id).getBoundingClientRect();
  const stage = document.querySelector(".stage").getBoundingClientRect();
  const masthead = document.querySelector(".masthead").getBoundingClientRect();
  const [timeline, sheet, drawer] = ["timeline", "sheet", "drawer"].map(box);
  const isSheet = masthead.right > stage.left + 1 && sheet.width > 0;
  const top = isSheet ? Math.max(0, masthead.bottom - stage.top) : 0;
  const isAside = drawer.width > 0 && drawer.height > 0 && drawer.width < stage.width * 0.7;
  const right = isAside ? Math.max(0, stage.right - drawer.left) : 0;
  const covering = !isSheet ? timeline : drawer.height > 0 && !isAside ? drawer : sheet;
  // On a phone on its side the controls stand beside the map.
  const bottom = covering.right > stage.left + 1 ? Math.max(0, stage.bottom - covering.top) : 0;
  return { top, bottom: Math.min(bottom, stage.height * 0.6), left: 0, right: Math.min(right, stage.width / 2) };
}
