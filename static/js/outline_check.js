/** What is to be said about an outline before it is used: what is missing, double, or different. */

import { rows } from "./outline_edit.js";
import { lengthOf } from "./outline_lengths.js";

const plain = (text) => text.trim().toLowerCase();

/** Ids of the rows that have no heading. */
export const nameless = (plan) => rows(plan).filter(({ part, section }) => (
  !plain((section ?? part).heading)
)).map(({ id }) => id);

/** Ids of the rows whose heading stands further up already. */
export function repeated(plan) {
  const seen = new Set();
  return rows(plan).filter(({ part, section }) => {
    const heading = plain((section ?? part).heading);
    const double = heading && seen.has(heading);
    seen.add(heading);
    return double;
  }).map(({ id }) => id);
}

/** Whether the server would take it as it stands. */
export const usable = (plan) => plan.parts.length > 0 && !nameless(plan).length;

function named(outline) {
  const found = new Map();
  for (const part of outline.parts) {
    found.set(`1 ${part.heading}`, { heading: part.heading, target: lengthOf(part), told: part.point });
    for (const each of part.sections) {
      const told = JSON.stringify([each.point, each.key_points]);
      found.set(`2 ${each.heading}`, { heading: each.heading, target: each.target, told });
    }
  }
  return found;
}

/**
 * How `now` differs from `then`, by headings: `added`, `removed`, `changed` (main point or key
 * points) and `retargeted` hold headings; `moved` tells whether the order is another.
 */
export function differences(then, now) {
  const [old, fresh] = [named(then), named(now)];
  const headings = (from, keep) => [
    ...new Set([...from].filter(([key, value]) => keep(key, value)).map(([, { heading }]) => heading)),
  ];
  const shared = (keep) => headings(fresh, (key, value) => old.has(key) && keep(old.get(key), value));
  const order = (from, other) => [...from.keys()].filter((key) => other.has(key)).join("\n");
  return {
    added: headings(fresh, (key) => !old.has(key)),
    removed: headings(old, (key) => !fresh.has(key)),
    changed: shared((a, b) => a.told !== b.told),
    retargeted: shared((a, b) => a.target !== b.target),
    moved: order(old, fresh) !== order(fresh, old),
  };
}
