/** Markdown as nodes that know where in the source they stand. What a model wrote stays text. */

import { html, useMemo } from "../vendor/preact.js";
import { parse } from "../vendor/mdast.js";

const SAFE = /^(https?:|mailto:)/i;

/**
 * A text as a reader sees it.
 * @param {{source: string, marks?: Array<{start: number, end: number, id: string, kind?: string,
 *   number?: string, title?: string, label?: string}>, onMark?: (id: string) => void}} props
 *   `start` and `end` are offsets in UTF-16 units of `source`; what has a `number` shows that
 *   in place of its words, and goes before other marks.
 */
export function Markdown({ source, marks = NONE, onMark }) {
  const tree = useMemo(() => parse(source), [source]);
  const ink = { source, marks: [...marks].sort((a, b) => a.start - b.start), onMark };
  return html`<div class="prose">${tree.children.map((node) => draw(node, ink))}</div>`;
}

const NONE = [];

const BLOCKS = {
  paragraph: (node, ink) => html`<p>${inside(node, ink)}</p>`,
  heading: (node, ink) => html`<${`h${Math.min(6, node.depth + 1)}`}>${inside(node, ink)}<//>`,
  blockquote: (node, ink) => html`<blockquote>${inside(node, ink)}</blockquote>`,
  list: (node, ink) => node.ordered
    ? html`<ol start=${node.start ?? 1}>${inside(node, ink)}</ol>` : html`<ul>${inside(node, ink)}</ul>`,
  listItem: (node, ink) => html`<li>${node.checked != null && (node.checked ? "☑ " : "☐ ")}${inside(node, ink)}</li>`,
  thematicBreak: () => html`<hr />`,
  code: (node, ink) => html`<pre><code>${leaf(node, ink)}</code></pre>`,
  html: (node, ink) => leaf(node, ink),
  table: (node, ink) => html`<div class="wide"><table>${node.children.map((row, index) => html`<tr>
    ${row.children.map((cell) => html`<${index ? "td" : "th"}>${inside(cell, ink)}<//>`)}</tr>`)}</table></div>`,
  emphasis: (node, ink) => html`<em>${inside(node, ink)}</em>`,
  strong: (node, ink) => html`<strong>${inside(node, ink)}</strong>`,
  delete: (node, ink) => html`<del>${inside(node, ink)}</del>`,
  inlineCode: (node, ink) => html`<code>${leaf(node, ink)}</code>`,
  break: () => html`<br />`,
  link: (node, ink) => SAFE.test(node.url)
    ? html`<a href=${node.url} target="_blank" rel="noopener noreferrer nofollow">${inside(node, ink)}</a>`
    : inside(node, ink),
  image: (node) => html`<span class="no-image">${node.alt || node.url}</span>`,
  text: (node, ink) => leaf(node, ink),
};

const inside = (node, ink) => node.children.map((child) => draw(child, ink));

function draw(node, ink) {
  if (BLOCKS[node.type]) return BLOCKS[node.type](node, ink);
  return node.children ? inside(node, ink) : leaf(node, ink);
}

/** A run of text, cut where marks begin and end; each piece says where it stands. */
function leaf(node, ink) {
  const from = node.position.start.offset;
  const raw = ink.source.slice(from, node.position.end.offset);
  const value = node.value ?? raw;
  const places = value === raw ? null : aligned(raw, value);
  const at = (index) => from + (places ? places[index] : index);
  const cuts = new Set([0, value.length]);
  const here = ink.marks.filter((mark) => mark.start < at(value.length) && mark.end > from);
  for (const mark of here) {
    cuts.add(indexOf(mark.start, value.length, at)).add(indexOf(mark.end, value.length, at));
  }
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(0, -1).map((start, index) => {
    const end = edges[index + 1];
    const those = here.filter((each) => each.start < at(end) && each.end > at(start));
    const mark = those.find((each) => each.number) ?? those[0];
    const text = html`<span data-at=${at(start)} data-to=${at(end)}>${value.slice(start, end)}</span>`;
    return mark ? html`<mark data-mark=${mark.id} data-kind=${mark.kind ?? ""} tabindex="0" role="button"
      data-number=${mark.number} title=${mark.title} aria-label=${mark.label}
      onclick=${() => ink.onMark?.(mark.id)}
      onkeydown=${(event) => event.key === "Enter" && ink.onMark?.(mark.id)}>${text}</mark>` : text;
  });
}

const ENTITY = /^&#?[0-9a-z]+;/i;
const FAR = 12;

/** For each character of `value`, and its end, where it stands in `raw`: escapes make them differ. */
function aligned(raw, value) {
  const places = [];
  let at = 0;
  for (const character of value) {
    const [place, size] = next(raw, at, character, value.slice(places.length, places.length + 32));
    for (let unit = 0; unit < character.length; unit++) places.push(place + unit);
    at = place + size;
  }
  places.push(at);
  return places;
}

/** Where a character of the value stands from `at` on, and how much of the source it takes. */
function next(raw, at, character, rest) {
  const entity = raw[at] === "&" && ENTITY.exec(raw.slice(at, at + 32))?.[0];
  if (entity && !rest.startsWith(entity)) return [at, entity.length];
  const found = raw.indexOf(character, at);
  return found < 0 || found - at > FAR ? [Math.min(at, raw.length), 0] : [found, character.length];
}

function indexOf(offset, size, at) {
  let low = 0, high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What is selected in a `Markdown`, as a place in its source.
 * @param {Element} root holds the component
 * @param {string} source as given to it
 * @returns {{start: number, end: number, text: string}|null} offsets in UTF-16 units
 */
export function selected(root, source) {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const leaves = [...root.querySelectorAll("[data-at]")].filter((each) => range.intersectsNode(each));
  if (!leaves.length) return null;
  const start = placeIn(leaves[0], range.startContainer, range.startOffset, 0, source);
  const end = placeIn(leaves.at(-1), range.endContainer, range.endOffset, Infinity, source);
  return end > start ? { start, end, text: source.slice(start, end) } : null;
}

function placeIn(leaf, container, offset, fallback, source) {
  const [from, to] = [Number(leaf.dataset.at), Number(leaf.dataset.to)];
  const value = leaf.textContent;
  const index = leaf.contains(container) && container.nodeType === Node.TEXT_NODE
    ? offset : Math.min(fallback, value.length);
  const raw = source.slice(from, to);
  return from + (raw === value ? index : aligned(raw, value)[index]);
}
