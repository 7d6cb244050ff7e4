/** Cases for the pure functions behind the outline's editor: name → function that throws. */

import { differences, nameless, repeated, usable } from "../../static/js/outline_check.js";
import * as edit from "../../static/js/outline_edit.js";
import { begun, recorded, redone, undone } from "../../static/js/outline_history.js";
import * as lengths from "../../static/js/outline_lengths.js";

const text = (value) => JSON.stringify(value);

function equal(found, wanted) {
  if (text(found) !== text(wanted)) throw new Error(`${text(found)} is not ${text(wanted)}`);
}

const section = (key, heading, target) => (
  { key, heading, point: `about ${heading}`, target, key_points: ["a fact"], avoid: ["x"] }
);

/** Why (alone) · How: dams, turbines · What: cost, gain, risk. */
const outline = () => ({
  title: "Tides", target: 1000,
  parts: [
    { key: "1", heading: "Why", point: "about Why", sections: [section("1", "Why", 200)] },
    { key: "2", heading: "How", point: "two ways",
      sections: [section("2.1", "Dams", 150), section("2.2", "Turbines", 250)] },
    { key: "3", heading: "What", point: "three sides",
      sections: [section("3.1", "Cost", 100), section("3.2", "Gain", 100), section("3.3", "Risk", 200)] },
  ],
});

const plan = () => edit.opened(outline());
const shown = (value) => value.parts.map((part) => (
  part.alone ? part.heading : `${part.heading}: ${part.sections.map((each) => each.heading).join(", ")}`
)).join(" · ");
const row = (value, heading) => edit.rows(value).find(({ part, section: own }) => (
  (own ?? part).heading === heading
)).id;
const targets = (value) => lengths.sectionsOf(value).map((each) => each.target);

/** Small numbers that are the same each time (mulberry32). */
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

export const cases = {
  "what is opened is closed as it was"() {
    const wanted = outline();
    const parts = wanted.parts.map(({ heading, point, sections }) => ({ heading, point, sections }));
    equal(edit.closed(plan()), { title: "Tides", parts });
  },
  "keys given meanwhile go with their sections"() {
    const value = plan();
    const id = row(value, "Dams");
    const sent = edit.closed(edit.step(value, id, 1), new Map([[id, "9"]]));
    equal(sent.parts[1].sections.map((each) => [each.key, each.heading]), [["2.2", "Turbines"], ["9", "Dams"]]);
  },
  "rows have the keys that the server gives"() {
    const value = plan();
    equal(edit.rows(value).map(({ id }) => edit.keyOf(value, id)),
          ["1", "2", "2.1", "2.2", "3", "3.1", "3.2", "3.3"]);
  },
  "a step moves a section within its part, out of it, and into the next"() {
    let value = plan();
    const id = row(value, "Turbines");
    const seen = [];
    for (let at = 0; at < 3; at += 1) seen.push(shown(value = edit.step(value, id, 1)));
    equal(seen, [
      "Why · How: Dams · Turbines · What: Cost, Gain, Risk",
      "Why · How: Dams · What: Turbines, Cost, Gain, Risk",
      "Why · How: Dams · What: Cost, Turbines, Gain, Risk",
    ]);
  },
  "as many steps back as forth change nothing"() {
    for (const { id } of edit.rows(plan())) {
      let [value, steps] = [plan(), 0];
      for (let last = null; last !== value; steps += 1) [last, value] = [value, edit.step(value, id, 1)];
      for (let at = 0; at < steps - 1; at += 1) value = edit.step(value, id, -1);
      const up = edit.step(value, id, -1);
      if (up !== value) equal(shown(edit.step(up, id, 1)), shown(value));
    }
  },
  "a part moves with its sections, and between parts only"() {
    const value = plan();
    const id = row(value, "How");
    equal(shown(edit.step(value, id, 1)), "Why · What: Cost, Gain, Risk · How: Dams, Turbines");
    equal(edit.step(edit.step(value, id, 1), id, 1), edit.step(value, id, 1));
  },
  "a move to where it is gives the same plan"() {
    const value = plan();
    for (const { id } of edit.rows(value)) {
      if (edit.move(value, id, edit.slotOf(value, id)) !== value) throw new Error(`${id}`);
    }
  },
  "no move loses or doubles a section"() {
    const pick = chance(7);
    let value = plan();
    const all = lengths.sectionsOf(value).map((each) => each.heading).sort();
    for (let at = 0; at < 500; at += 1) {
      const [rows, before] = [edit.rows(value), value];
      const { id } = rows[pick(rows.length)];
      const found = edit.slots(value, id);
      value = edit.move(value, id, found[pick(found.length)]);
      equal(lengths.sectionsOf(value).map((each) => each.heading).sort(), all);
      const ids = value.parts.flatMap((part) => [part.id, ...part.sections.map((each) => each.id)]);
      if (new Set(ids).size !== ids.length) throw new Error(`ids twice after ${shown(before)}`);
    }
  },
  "the last section takes its part with it"() {
    const value = edit.remove(edit.remove(plan(), row(plan(), "Dams")), row(plan(), "Turbines"));
    equal(shown(value), "Why · What: Cost, Gain, Risk");
  },
  "a part that is one section is renamed with it"() {
    const value = edit.change(plan(), row(plan(), "Why"), { heading: "Wherefore", key_points: ["b"] });
    equal([value.parts[0].heading, value.parts[0].sections[0].heading], ["Wherefore", "Wherefore"]);
    equal([value.parts[0].key_points, value.parts[0].sections[0].key_points], [undefined, ["b"]]);
  },
  "a change leaves everything else the very same value"() {
    const [before, after] = [plan(), edit.change(plan(), row(plan(), "Dams"), { point: "new" })];
    equal(before.parts[1].sections[0].point, "about Dams");
    equal(after.parts[1].sections[0].point, "new");
    const once = plan();
    const twice = edit.change(once, row(once, "Dams"), { point: "new" });
    if (once.parts[2] !== twice.parts[2]) throw new Error("copied");
  },
  "a new section stands below its row, a new part below a part that is one"() {
    const value = plan();
    const below = edit.insertAfter(value, row(value, "How"));
    equal(below.parts[1].sections.map((each) => each.heading), ["", "Dams", "Turbines"]);
    equal(below.parts[1].sections[0].target, 200);
    equal(edit.rows(edit.insertAfter(value, row(value, "Why")))[1].id, value.next);
    equal(nameless(below), [value.next]);
    equal([usable(below), usable(value), usable({ ...value, parts: [] })], [false, true, false]);
  },
  "a part is split before a section, and joined again"() {
    const value = plan();
    const apart = edit.split(value, row(value, "Gain"));
    equal(shown(apart), "Why · How: Dams, Turbines · What: Cost · Gain: Gain, Risk");
    equal(repeated(apart), [lengths.sectionsOf(apart)[4].id]);
    const joined = edit.merge(apart, apart.parts[3].id);
    equal(shown(joined), shown(value));
    equal(edit.split(value, row(value, "Dams")), value);
    equal(shown(edit.merge(value, row(value, "How"))), "Why: Why, Dams, Turbines · What: Cost, Gain, Risk");
  },
  "the sum is exact after a rebalance, whatever was changed"() {
    const pick = chance(11);
    for (let round = 0; round < 200; round += 1) {
      let value = plan();
      for (let at = 0; at < 4; at += 1) {
        const rows = edit.rows(value);
        value = lengths.retarget(value, rows[pick(rows.length)].id, pick(900));
      }
      equal(lengths.total(lengths.rebalance(value)), 1000);
      equal(lengths.total(lengths.fitted(value)), 1000);
      equal(Math.min(...targets(lengths.fitted(value))) >= 1, true);
      const kept = lengths.keepMine(value);
      if (lengths.canKeepMine(value)) {
        equal(lengths.total(kept), 1000);
        const mine = (each) => lengths.sectionsOf(each).filter((one) => one.mine).map((one) => one.target);
        equal(mine(kept), mine(value));
      } else equal(kept, value);
    }
  },
  "what is set by hand stays while the rest is scaled"() {
    const value = lengths.retarget(plan(), row(plan(), "Why"), 400);
    equal(lengths.total(value), 1200);
    equal(targets(lengths.keepMine(value)), [400, 113, 187, 75, 75, 150]);
    equal(targets(lengths.rebalance(value))[0] < 400, true);
  },
  "another length of a part scales its sections"() {
    const value = lengths.retarget(plan(), row(plan(), "How"), 800);
    equal(targets(value), [200, 300, 500, 100, 100, 200]);
  },
  "a row is replaced by what was planned anew"() {
    const fresh = outline();
    fresh.parts[1].sections[1] = section("2.2", "Mills", 250);
    let value = lengths.retarget(plan(), row(plan(), "Dams"), 999);
    value = edit.replaced(value, row(value, "Turbines"), fresh, "2.2");
    equal(shown(value), "Why · How: Dams, Mills · What: Cost, Gain, Risk");
    equal(targets(value)[1], 999);
    fresh.parts[0].sections = [section("1.1", "Moon", 100), section("1.2", "Sun", 100)];
    value = edit.replaced(value, row(value, "Why"), fresh, "1");
    equal(shown(value), "Why: Moon, Sun · How: Dams, Mills · What: Cost, Gain, Risk");
  },
  "differences are told by headings"() {
    const [then, now] = [outline(), outline()];
    now.parts[0].heading = now.parts[0].sections[0].heading = "Wherefore";
    now.parts[1].sections.reverse();
    now.parts[2].sections[0].target = 120;
    now.parts[2].sections[1].point = "other";
    equal(differences(then, now), {
      added: ["Wherefore"], removed: ["Why"], changed: ["Gain"],
      retargeted: ["What", "Cost"], moved: true,
    });
    equal(differences(then, outline()), { added: [], removed: [], changed: [], retargeted: [], moved: false });
  },
  "divisions of a book that are planned later are rows, and stay divisions"() {
    const later = (key) => ({ key, heading: `Part ${key}`, point: "p", target: 300, sections: [], division: key });
    const book = {
      title: "B", target: 600, parts: [later("1"), later("2")],
      divisions: ["1", "2"].map((key) => ({ key, heading: `Part ${key}`, point: "p", target: 300 })),
    };
    let value = edit.opened(book);
    equal(shown(value), "Part 1 · Part 2");
    equal(edit.canMerge(value, row(value, "Part 2")), false);
    value = edit.step(value, row(value, "Part 2"), -1);
    value = edit.change(value, row(value, "Part 1"), { heading: "Last" });
    equal(edit.closed(value), { title: "B", parts: [
      { heading: "Part 2", point: "p", sections: [], target: 300 },
      { heading: "Last", point: "p", sections: [], target: 300 },
    ] });
  },
  "a chapter that is moved stands in the division where it is put"() {
    const book = { ...outline(), divisions: [{ key: "a", heading: "A" }, { key: "b", heading: "B" }] };
    book.parts = book.parts.map((part, at) => ({ ...part, division: at < 2 ? "a" : "b" }));
    let value = edit.opened(book);
    equal(["Why", "Dams", "Cost"].map((each) => edit.keyOf(value, row(value, each))), ["1.1", "1.2.1", "2.1.1"]);
    equal(value.parts.map((_, p) => edit.divisionAt(value, p)?.heading ?? ""), ["A", "", "B"]);
    equal(edit.canMerge(value, row(value, "What")), false);
    for (let times = 0; times < 9; times += 1) value = edit.step(value, row(value, "Why"), 1);
    equal(edit.closed(value).parts.map(({ division }) => division), ["a", "b", "b"]);
    equal(edit.closed(value).divisions.map(({ key }) => key), ["a", "b"]);
  },
  "typing is undone as a whole, and done again"() {
    let history = begun("");
    for (const each of ["a", "ab", "abc"]) history = recorded(history, each, "heading");
    history = recorded(history, "abc!", "point");
    equal([undone(history).now, undone(undone(history)).now], ["abc", ""]);
    equal(redone(undone(history)).now, "abc!");
    equal(undone(begun(1)), begun(1));
    equal(recorded(undone(history), "z").future, []);
  },
};

/** Run them all: name → what went wrong, for those that fail. */
export function failures() {
  const wrong = {};
  for (const [name, run] of Object.entries(cases)) {
    try { run(); } catch (error) { wrong[name] = String(error); }
  }
  return wrong;
}
