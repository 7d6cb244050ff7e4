/**
 * The outline as a person edits it. Pure: every function takes a plan and returns another one.
 *
 * A plan is `{title, target, next, parts, divisions, whole}`, a part `{id, heading, point, alone,
 * sections, division}`, a section `{id, heading, point, target, mine, key_points, …}`. `alone`: the part is its one
 * section and is shown as one row. `mine`: its length was set by hand. `next` is the next free id.
 * A row is named by its section's id, or by its part's where the part holds sections.
 * `divisions`: of a book, above its parts, which name them by their keys. `whole`: the parts stand
 * for divisions that are planned later; each is shown as one row, as if it were a section.
 */

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The plan in what the server has answered; parts that are not planned yet have no sections. */
export function opened(outline) {
  let next = 1;
  const divisions = outline.divisions ?? [];
  const whole = divisions.length > 0 && outline.parts.every((part) => !part.sections.length);
  const parts = outline.parts.map((part) => {
    const { heading, point, target, division = "" } = part;
    const own = whole ? [{ heading, point, target, key_points: [] }] : part.sections;
    const sections = own.map((each) => ({ ...each, id: next++, mine: false }));
    const alone = sections.length === 1 && sections[0].heading === heading;
    return { id: next++, heading, point, alone, sections, division: whole ? "" : division };
  });
  return { title: outline.title, target: outline.target, next, parts, divisions: whole ? [] : divisions, whole };
}

/** The plan as the server takes it; `keys` are those that it has given to ids meanwhile. */
export function closed(plan, keys = new Map()) {
  const section = ({ id, mine, ...kept }) => (keys.has(id) ? { ...kept, key: keys.get(id) } : kept);
  const parts = plan.parts.map(({ heading, point, sections, division }) => (plan.whole
    ? { heading, point, sections: [], target: sections[0].target }
    : { heading, point, sections: sections.map(section), ...(division ? { division } : {}) }
  ));
  return { title: plan.title, parts, ...(plan.divisions.length ? { divisions: plan.divisions } : {}) };
}

/** The division that begins with a part; nothing for the other parts, and where there are none. */
export function divisionAt(plan, p) {
  const { division } = plan.parts[p];
  if (!division || plan.parts[p - 1]?.division === division) return null;
  return plan.divisions.find((each) => each.key === division) ?? null;
}

/** The number of a part by where it stands: "3", in a book "2.3", by its division. */
export function partNo(plan, p) {
  const { division } = plan.parts[p];
  if (!division) return `${p + 1}`;
  const begun = plan.parts.slice(0, p + 1).filter((_, at) => divisionAt(plan, at)).length;
  const first = plan.parts.findIndex((part) => part.division === division);
  return `${begun}.${p - first + 1}`;
}

/** Where a row stands: numbers of its part and section; the section is -1 for a part's own row. */
export function place(plan, id) {
  for (const [p, part] of plan.parts.entries()) {
    if (part.id === id) return { p, s: -1 };
    const s = part.sections.findIndex((each) => each.id === id);
    if (s >= 0) return { p, s };
  }
  return null;
}

/** The name that the server gives a row by where it stands: "3" or "3.2", in a book with the
 * number of the division before it. */
export function keyOf(plan, id) {
  const { p, s } = place(plan, id);
  const no = partNo(plan, p);
  return s < 0 || plan.parts[p].sections.length === 1 ? no : `${no}.${s + 1}`;
}

/** Every row from top to bottom: `{id, part, section}`, without a section for a part's own row. */
export function rows(plan) {
  return plan.parts.flatMap((part) => {
    const own = part.sections.map((section) => ({ id: section.id, part, section }));
    return part.alone ? own : [{ id: part.id, part, section: null }, ...own];
  });
}

function withPart(plan, p, part) {
  return { ...plan, parts: plan.parts.map((each, at) => (at === p ? part : each)) };
}

/** A row with some of `heading`, `point` and `key_points` changed. */
export function change(plan, id, fields) {
  const { p, s } = place(plan, id);
  const part = plan.parts[p];
  const { key_points: _, ...told } = fields;
  if (s < 0) return withPart(plan, p, { ...part, ...told });
  const sections = part.sections.map((each, at) => (at === s ? { ...each, ...fields } : each));
  return withPart(plan, p, { ...part, ...(part.alone ? told : {}), sections });
}

const empty = (id, target) => (
  { id, heading: "", point: "", target, mine: false, key_points: [] }
);

/** Some length that fits among these sections. */
function usual(sections) {
  if (!sections.length) return 100;
  const mean = sections.reduce((sum, each) => sum + each.target, 0) / sections.length;
  return Math.max(20, Math.round(mean / 10) * 10);
}

/** A new empty section after a row; it has the id that was `next`. */
export function insertAfter(plan, id) {
  const { p, s } = place(plan, id);
  const part = plan.parts[p];
  const section = empty(plan.next, usual(part.sections));
  if (part.alone) return insertPart(plan, p + 1);
  const sections = part.sections.toSpliced(s + 1, 0, section);
  return { ...withPart(plan, p, { ...part, sections }), next: plan.next + 1 };
}

/** A new part of one empty section; the section has the id that was `next`. */
export function insertPart(plan, at) {
  const section = empty(plan.next, usual(plan.parts.flatMap((part) => part.sections)));
  return put({ ...plan, next: plan.next + 1 }, { section }, { between: at });
}

/** The plan without a row; a part goes with its sections, and with its last one. */
export function remove(plan, id) {
  const { p, s } = place(plan, id);
  const part = plan.parts[p];
  if (s < 0 || part.sections.length === 1) return { ...plan, parts: plan.parts.toSpliced(p, 1) };
  return withPart(plan, p, { ...part, sections: part.sections.toSpliced(s, 1) });
}

/** What moves with a row: a part that holds sections, or a section (with the part it is). */
function taken(plan, id) {
  const { p, s } = place(plan, id);
  const part = plan.parts[p];
  if (s < 0) return { part };
  return part.alone ? { part, section: part.sections[0] } : { section: part.sections[s] };
}

/** The places to which a row may go, in reading order, in the plan without it. */
export function slots(plan, id) {
  const whole = !taken(plan, id).section;
  const rest = remove(plan, id);
  const found = rest.parts.flatMap((part, at) => {
    const inside = whole || part.alone ? [] : [...part.sections, null];
    return [{ between: at }, ...inside.map((_, index) => ({ into: part.id, at: index }))];
  });
  return [...found, { between: rest.parts.length }];
}

/** Where a row is, as one of its `slots`. */
export function slotOf(plan, id) {
  const { p, s } = place(plan, id);
  const part = plan.parts[p];
  return s < 0 || part.sections.length === 1 ? { between: p } : { into: part.id, at: s };
}

function put(plan, { part, section }, slot) {
  if (slot.into !== undefined) {
    const p = plan.parts.findIndex((each) => each.id === slot.into);
    const host = plan.parts[p];
    const sections = host.sections.toSpliced(slot.at, 0, section);
    return withPart(plan, p, { ...host, sections });
  }
  const { division = "" } = plan.parts[slot.between - 1] ?? plan.parts[slot.between] ?? {};
  if (part) return { ...plan, parts: plan.parts.toSpliced(slot.between, 0, { ...part, division }) };
  const own = {
    id: plan.next, heading: section.heading, point: section.point, alone: true,
    sections: [section], division,
  };
  return { ...plan, next: plan.next + 1, parts: plan.parts.toSpliced(slot.between, 0, own) };
}

/** The row in one of its `slots`; the same plan where it is there already. */
export function move(plan, id, slot) {
  if (same(slot, slotOf(plan, id))) return plan;
  return put(remove(plan, id), taken(plan, id), slot);
}

/** The row one place up (-1) or down (1); the same plan at the edge. */
export function step(plan, id, by) {
  const found = slots(plan, id);
  const at = found.findIndex((slot) => same(slot, slotOf(plan, id)));
  const slot = found[at + by];
  return slot ? move(plan, id, slot) : plan;
}

/** Whether a part may be split before this row: it has sections on both sides. */
export const canSplit = (plan, id) => place(plan, id).s > 0;

/** A section and those after it become a part, called as the section is. */
export function split(plan, id) {
  const { p, s } = place(plan, id);
  if (s < 1) return plan;
  const part = plan.parts[p];
  const [first, rest] = [part.sections.slice(0, s), part.sections.slice(s)];
  const { heading, point } = rest[0];
  const { division } = part;
  const made = { id: plan.next, heading, point, alone: rest.length === 1, sections: rest, division };
  const parts = plan.parts.toSpliced(p, 1, { ...part, sections: first }, made);
  return { ...plan, next: plan.next + 1, parts };
}

/** Whether the row begins a part that may be joined to the one before it. */
export function canMerge(plan, id) {
  const { p, s } = place(plan, id);
  return p > 0 && !plan.whole && !divisionAt(plan, p) && (s < 0 || plan.parts[p].alone);
}

/** A part's sections go to the end of the part before it. */
export function merge(plan, id) {
  if (!canMerge(plan, id)) return plan;
  const { p } = place(plan, id);
  const [before, part] = [plan.parts[p - 1], plan.parts[p]];
  const joined = { ...before, alone: false, sections: [...before.sections, ...part.sections] };
  return { ...plan, parts: plan.parts.toSpliced(p - 1, 2, joined) };
}

const holds = (key) => (part) => part.key === key || part.sections.some((each) => each.key === key);

/** A row with what a model has planned in its place, found under `key` in the server's outline. */
export function replaced(plan, id, outline, key) {
  const fresh = opened({ ...outline, parts: outline.parts.filter(holds(key)) });
  const { p, s } = place(plan, id);
  const [new_, old] = [fresh.parts[0], plan.parts[p]];
  if (s >= 0 && !old.alone) {
    const from = outline.parts.flatMap((part) => part.sections).find((each) => each.key === key);
    const sections = old.sections.toSpliced(s, 1, { ...from, id, mine: false });
    return withPart(plan, p, { ...old, sections });
  }
  const sections = new_.sections.map((each, at) => (
    { ...each, id: old.alone && !at ? id : plan.next + at }
  ));
  const part = { ...new_, id: old.id, sections };
  return { ...withPart(plan, p, part), next: plan.next + sections.length };
}
