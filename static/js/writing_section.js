/** One section as it is written: its headings, how far it is, its text. */

import { html, useEffect, useRef } from "../vendor/preact.js";
import { Markdown } from "./markdown.js";
import { Near } from "./near.js";
import { Chip, Meter } from "./parts.js";
import { pure } from "./pure.js";
import { said, t } from "./words.js";
import { useSection } from "./live.js";
import { stateOf } from "./writing_overview.js";

const LINE = 30, ACROSS = 12;
/** Pixels of a line, and counted units in it: how large a section will be that was never drawn. */

export const LiveSection = pure(({ id, live, unit, phase }) => {
  const section = useSection(live, id);
  const state = stateOf(section, phase);
  const size = LINE * Math.ceil(section.words / ACROSS) + LINE;
  return html`<section class="live-section" id=${`section-${id}`} data-key=${id} data-state=${state} tabindex="-1"
    aria-label=${section.headings.at(-1)?.[1]}>
    <header>${section.headings.map(([level, text]) => html`<${`h${Math.min(6, level)}`}>${text}<//>`)}
      <p class="facts"><${Chip} state=${state}>${t(`shared.state_${state}`)}<//>
        <${Meter} value=${section.words} target=${section.target} unit=${unit} /></p></header>
    <${Near} size=${size}>${() => html`<${Body} section=${section} state=${state} />`}<//>
  </section>`;
});

function Body({ section, state }) {
  const box = useRef(null);
  useEffect(() => {  // side by side each has its own little window, which stays at what is new
    if (state === "writing") box.current.scrollTop = box.current.scrollHeight;
  }, [section.text]);
  return html`<div class="live-body" ref=${box}>
    ${section.reason && html`<p class="reason">${t("writing.why", { reason: said(section.reason) })}</p>`}
    ${section.text ? html`<${Markdown} source=${section.text} />` : !section.reason && html`<p class="nothing">
      ${t(state === "writing" ? "writing.begins" : "writing.waits")}</p>`}</div>`;
}
