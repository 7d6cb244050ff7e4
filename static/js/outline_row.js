/** One row of the outline's editor: a part, or a section. */

import { html, useState } from "../vendor/preact.js";
import { number } from "./format.js";
import { Button, Trouble } from "./parts.js";
import { pure } from "./pure.js";
import { t } from "./words.js";

/** A text that grows with what is typed; Enter ends it. */
function Line({ name, label, value, most, onInput, ...rest }) {
  const key = (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    event.target.blur();
  };
  return html`<textarea rows="1" class=${`outline-${name}`} data-field=${name} aria-label=${label} placeholder=${label}
    maxlength=${most} value=${value} onkeydown=${key} ...${rest}
    oninput=${(event) => onInput(event.target.value.replace(/\s*\n\s*/g, " "))} />`;
}

function Target({ id, value, unit, mine, label, actions }) {
  const [typed, setTyped] = useState(null);
  const take = () => {
    const wanted = Number.parseInt(typed, 10);
    if (wanted > 0 && wanted !== value) actions.retarget(id, Math.min(wanted, 2_000_000));
    setTyped(null);
  };
  return html`<label class="outline-target" data-mine=${mine} title=${mine ? t("outline.mine") : undefined}>
    <input type="number" min="1" max="2000000" inputmode="numeric" data-field="target" aria-label=${label}
      value=${typed ?? value} oninput=${(event) => setTyped(event.target.value)} onblur=${() => typed !== null && take()}
      onkeydown=${(event) => event.key === "Enter" && event.target.blur()} />
    <span aria-hidden="true">${unit}</span></label>`;
}

/** What is seldom needed: key points, planning anew, moving by buttons, dividing. */
function Details({ id, section, level, fixed, canSplit, canMerge, busy, problem, actions }) {
  const [wish, setWish] = useState("");
  const anew = (event) => {
    event.preventDefault();
    if (wish.trim()) actions.regenerate(id, wish.trim());
  };
  return html`<div class="outline-details" id=${`details-${id}`}>
    ${section && html`<label><span>${t("outline.key_points")}</span>
      <textarea rows="3" class="outline-points" data-field="key_points" value=${section.key_points.join("\n")}
        oninput=${(event) => actions.change(id, { key_points: points(event.target.value) }, "key_points")} /></label>`}
    ${!fixed && html`<form onsubmit=${anew}><label><span>${t(level === "part" ? "outline.anew_part" : "outline.anew")}</span>
      <input type="text" data-field="wish" maxlength="10000" value=${wish} placeholder=${t("outline.anew_hint")} disabled=${busy}
        oninput=${(event) => setWish(event.target.value)} /></label>
      <${Button} type="submit" busy=${busy} disabled=${!wish.trim()}>${t("outline.anew_do")}<//></form>`}
    <${Trouble} problem=${problem} />
    <p class="outline-moves">
      <${Button} kind="quiet" onclick=${() => actions.step(id, -1)}>↑ ${t("outline.up")}<//>
      <${Button} kind="quiet" onclick=${() => actions.step(id, 1)}>↓ ${t("outline.down")}<//>
      ${canSplit && html`<${Button} kind="quiet" onclick=${() => actions.split(id)}>${t("outline.split")}<//>`}
      ${canMerge && html`<${Button} kind="quiet" onclick=${() => actions.merge(id)}>${t("outline.merge")}<//>`}
      <${Button} kind="danger" onclick=${() => actions.remove(id)}>${t("outline.delete")}<//></p></div>`;
}

const points = (text) => (text.trim() ? text.split("\n").slice(0, 50) : []);

/**
 * @param {{id: number, no: string, level: "part"|"section"|"alone", item: object, section: object|null, target: number,
 *   unit: string, flaw: string, bare: boolean, fixed: boolean, open: boolean, busy: boolean, problem: Error|null, canSplit: boolean,
 *   canMerge: boolean, actions: object}} props
 *   `item`: what has the heading; `flaw`: what is wrong with it, a name in the words; `fixed`: no model plans it anew
 */
export const Row = pure(({ id, no, level, item, section, target, unit, flaw, bare, open, busy, actions, ...more }) => {
  const called = `${no} ${item.heading}`;
  const key = (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !by) return;
    event.preventDefault();
    actions.step(id, by, event.target.dataset.field);
  };
  return html`<li class="outline-row" data-id=${id} data-level=${level} aria-label=${called} aria-busy=${busy} onkeydown=${key}>
    <button type="button" class="outline-handle" data-field="handle" aria-label=${t("outline.move", { what: called })}
      title=${t("outline.move_hint")} onpointerdown=${(event) => actions.drag(event, id)}>⠿</button>
    <span class="outline-no" aria-hidden="true">${no}</span>
    <div class="outline-what">
      <${Line} name="heading" label=${t("outline.heading")} value=${item.heading} most="300" aria-invalid=${flaw === "outline.nameless"}
        onInput=${(heading) => actions.change(id, { heading }, "heading")} />
      <${Line} name="point" label=${t("outline.point")} value=${item.point} most="2000"
        onInput=${(point) => actions.change(id, { point }, "point")} />
      <${Duties} lines=${section?.duties} />
      ${flaw && html`<small class="outline-flaw">${t(flaw)}</small>`}
      ${bare && html`<small>${t("outline.bare")}</small>`}</div>
    ${busy && html`<span class="spinner" role="img" aria-label=${t("outline.planning_anew")} />`}
    <${Target} id=${id} value=${target} unit=${unit} mine=${section?.mine ?? false} actions=${actions}
      label=${t("outline.target_of", { what: called })} />
    <span class="outline-tools"><button type="button" class="quiet-button" data-field="add" title=${t("outline.add_below")}
        aria-label=${t("outline.add_after", { what: called })} onclick=${() => actions.add(id)}>+</button>
      <button type="button" class="quiet-button" data-field="more" aria-expanded=${open} aria-controls=${`details-${id}`}
        title=${t("shared.more")} aria-label=${t("outline.more_of", { what: called })} onclick=${() => actions.toggle(id)}>⋯</button></span>
    ${open && html`<${Details} id=${id} section=${section} level=${level} busy=${busy} actions=${actions} ...${more} />`}</li>`;
});

/** What a section is given to bring, and to leave out. */
function Duties({ lines }) {
  return lines?.length ? html`<small class="outline-duties">${t("outline.duties", { what: lines.join("; ") })}</small>` : null;
}

/** Demands on parts that the outline does not have. */
export function Unplaced({ lines }) {
  return lines?.length ? html`<p class="outline-flaw" role="status">${t("outline.unplaced", { what: lines.join("; ") })}</p>` : null;
}

/** A row that is only read. */
export function Told({ no, heading, point, target, unit, level, href, duties }) {
  return html`<li class="outline-told" data-level=${level}><span class="outline-no">${no}</span>
    <span class="outline-what"><strong>${href ? html`<a href=${href}>${heading}</a>` : heading}</strong>
      ${point && point !== heading && html`<span>${point}</span>`}<${Duties} lines=${duties} /></span>
    <span class="outline-length">${number(target)} ${unit}</span></li>`;
}

/** The heading of a division of a book, above its chapters. */
export function Above({ heading, point }) {
  return html`<li class="outline-above"><strong>${heading}</strong>
    ${point && point !== heading && html`<span>${point}</span>`}</li>`;
}
