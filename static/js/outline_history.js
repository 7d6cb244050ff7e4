/** What can be undone: values in order, and which one is the present. Pure. */

const MOST = 200;

/** A history of one value. */
export const begun = (value) => ({ past: [], now: value, future: [], tag: "" });

/**
 * The history with another present value; an edit with the tag of the last one, which is not
 * empty, continues it, so that a word typed is undone as a whole.
 */
export function recorded(history, value, tag = "") {
  if (value === history.now) return history;
  const goesOn = tag !== "" && tag === history.tag && history.past.length > 0;
  const past = goesOn ? history.past : [...history.past, history.now].slice(-MOST);
  return { past, now: value, future: [], tag };
}

/** One step back, if there is one. */
export function undone(history) {
  if (!history.past.length) return history;
  const future = [history.now, ...history.future];
  return { past: history.past.slice(0, -1), now: history.past.at(-1), future, tag: "" };
}

/** One step forward again, if there is one. */
export function redone(history) {
  if (!history.future.length) return history;
  const [now, ...future] = history.future;
  return { past: [...history.past, history.now], now, future, tag: "" };
}
