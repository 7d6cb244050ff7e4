/** A demand on a text's contents: from the API's fields to those of a row, and to a line. */

/** Of what can be counted; as `domain/constraints/countables.py` calls it. */
export const SORTS = ["examples", "questions", "quotations", "tables", "list items", "code blocks", "links", "images", "citations"];
export const KINDS = ["include", "count", "forbid"];
export const OFTEN = ["least", "most", "exactly", "between"];
export const PLACES = ["anywhere", "each", "every", "first", "last", "range", "other"];

let made = 0;

/** A row in which nothing is said yet. */
export const blank = () => ({
  id: ++made, kind: "include", text: "", exact: false, often: "least", least: 1, most: 3,
  where: "anywhere", every: 2, from: 2, to: 4, place: "", line: null, problem: null,
});

/**
 * The row of a line that the server has read.
 * @param {{line: string, demand: object|null, problem: string, remedy: string}} read as `POST /demands/read` answers
 */
export function rowOf({ line, demand, problem, remedy }) {
  const row = { ...blank(), line };
  if (!demand) return { ...row, text: line, problem: { detail: problem, remedy } };
  const none = demand.most === 0;
  return { ...row, kind: none ? "forbid" : demand.kind, text: demand.text, exact: demand.exact,
    ...(none ? {} : oftenOf(demand)), ...placeOf(demand.place) };
}

function oftenOf({ least, most }) {
  if (most === null) return { often: "least", least };
  if (least === most) return { often: "exactly", least };
  return least ? { often: "between", least, most } : { often: "most", most };
}

function placeOf(place) {
  const fixed = { anywhere: "anywhere", "every part": "each", 1: "first", last: "last" }[place];
  if (fixed) return { where: fixed };
  const every = /^every (\d+)$/.exec(place);
  if (every) return { where: "every", every: Number(every[1]) };
  const range = /^(\d+)(?:-(\d+))?$/.exec(place);
  return range ? { where: "range", from: Number(range[1]), to: Number(range[2] ?? range[1]) } : { where: "other", place };
}

/**
 * The line that says what a row does, so plain that it is read in one way only; "" where nothing is said.
 * The server's own line, which is shorter, comes in its stead once it has been read.
 */
export function lineOf(row) {
  if (row.line !== null) return row.line;
  const text = row.text.trim();
  if (!text) return "";
  const said = row.exact && row.kind !== "count" ? `"${text.replace(/["“”「」『』]/g, "")}"` : text;
  return `${row.kind === "forbid" ? "avoid:" : timesOf(row)} ${said} @ ${whereOf(row)}`;
}

function timesOf({ kind, often, least, most }) {
  const times = { least: `at least ${least}`, most: `at most ${most}`, exactly: `exactly ${least}`,
    between: `${Math.min(least, most)} to ${Math.max(least, most)}` }[often];
  return kind === "include" ? `mention: ${times}` : times;
}

function whereOf({ where, every, from, to, place }) {
  return { anywhere: "anywhere", each: "every part", every: `every ${every}`, first: "first", last: "last",
    range: `${Math.min(from, to)}-${Math.max(from, to)}`, other: place.trim() || "anywhere" }[where];
}

/** The lines of all rows that say something. */
export const linesOf = (rows) => rows.map(lineOf).filter(Boolean).join("\n");
