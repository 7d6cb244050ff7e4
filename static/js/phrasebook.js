/** Sentences of the engine in another language; as `ui/messages` does it for Python. Pure. */

const GAP = /\{(\w+)\}/;
const DEEPEST = 3; // sentences inside of sentences that are translated too

/**
 * What translates a sentence, which stays as it is where there is no translation.
 * @param {Object<string, string>} catalogue translations by pattern, the longest first
 * @returns {(text: string) => string}
 */
export function phrasebook(catalogue) {
  const patterns = Object.entries(catalogue).map(([text, other]) => [text.split(GAP), other.split(GAP)]);
  return (text) => translated(text ?? "", patterns, DEEPEST) || text;
}

function translated(text, patterns, depth) {
  const bare = text.endsWith(".") ? text.slice(0, -1) : text;
  if (!bare || !depth || !patterns.length) return "";
  const stop = bare === text ? "" : "。";
  if (bare.includes("; ")) { // several findings as one reason
    const parts = [];
    const known = (part) => parts.push(translated(part, patterns, depth - 1)) && parts.at(-1);
    if (bare.split("; ").every(known)) return parts.join("；") + stop;
  }
  for (const [pieces, translation] of patterns) {
    const values = valuesOf(pieces, bare);
    if (!values) continue;
    const own = (name) => translated(values.get(name), patterns, depth - 1) || values.get(name);
    return translation.map((piece, n) => (n % 2 ? own(piece) : piece)).join("") + stop;
  }
  const [place, ...rest] = bare.split(": "); // what is wrong where: a field, a line, a part
  const told = translated(rest.join(": "), patterns, depth - 1);
  return told && `${translated(place, patterns, depth - 1) || place}：${told}${stop}`;
}

/** What stands in a pattern's gaps; null where the text is not of this pattern. */
function valuesOf(pieces, text) {
  const [first, last] = [pieces[0], pieces.at(-1)];
  const [head, rest] = [first.charAt(0), first.slice(1)];
  if (![head.toLowerCase(), head.toUpperCase()].some((each) => text.startsWith(each + rest))) return null;
  const values = new Map();
  if (pieces.length === 1) return text.length === first.length ? values : null;
  let at = first.length;
  const end = text.length - last.length;
  for (let n = 1; n < pieces.length - 2; n += 2) {
    const found = text.indexOf(pieces[n + 1], at);
    if (found < 0 || found + pieces[n + 1].length > end) return null;
    values.set(pieces[n], text.slice(at, found));
    at = found + pieces[n + 1].length;
  }
  if (at > end || !text.endsWith(last)) return null;
  return values.set(pieces.at(-2), text.slice(at, end));
}
