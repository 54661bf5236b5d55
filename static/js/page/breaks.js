import { STEP_KEYS, stepsOf } from "../lib/steps.js";

let isFollowed = false;

/**
 * Keeps the steps of the colour scale up to date: they follow from the cells or areas that are shown. The page's state
 * is followed once, whoever asks first.
 */
export function followBreaks(state) {
  if (isFollowed) return;
  isFollowed = true;
  const key = (values) => JSON.stringify(STEP_KEYS.map((each) => values[each]));
  state.follow(STEP_KEYS, async (values) => {
    try {
      const steps = await stepsOf(values);
      if (key(state.get()) === key(values)) state.set(steps);
    } catch {
      // The summary says that the figures cannot be read; the map keeps the colours that it has.
    }
  });
}
