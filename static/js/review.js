/** The step "review": what was written beside what was found, edited by hand or by order. */

import { html, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { Trouble } from "./parts.js";
import { useRoute } from "./route.js";
import { t } from "./words.js";
import { Findings } from "./findings.js";
import { Figures } from "./figures.js";
import { Further } from "./further.js";
import { History } from "./history.js";
import { Memory } from "./memory.js";
import { Proposal } from "./proposal.js";
import { References } from "./references.js";
import { Section } from "./section.js";
import { Selection } from "./selection.js";
import { Tree } from "./tree.js";
import { useDesk } from "./review_desk.js";

const TABS = {
  findings: Findings, memory: Memory, references: References, history: History, figures: Figures,
  further: Further,
};

/** @param {{document: object, run: object|null, reload: () => void}} props */
export function Review({ document, run, reload }) {
  const desk = useDesk(document, run, reload);
  const { query } = useRoute();
  const [tab, setTab] = useState("findings");
  const [pane, setPane] = useState("text");
  const text = useRef(null);
  const { show, open } = useMemo(() => ({
    show(key) {
      setPane("text");
      desk.choose(key);
      requestAnimationFrame(() => globalThis.document.getElementById(`section-${key}`)?.scrollIntoView({ block: "start" }));
    },
    open(key) { desk.choose(key); setTab("history"); setPane("side"); },
  }), []); // the same ones each time, so that a hundred sections are not drawn anew
  useEffect(() => { if (desk.cited) { setTab("references"); setPane("side"); } }, [desk.cited]);
  const further = query.get("further");
  useEffect(() => { if (further) { setTab("further"); setPane("side"); } }, [further]);
  const wanted = query.get("section");
  useEffect(() => { if (wanted && desk.sections) show(wanted); }, [wanted, !desk.sections]);
  if (!desk.sections) return html`<${Trouble} problem=${desk.problem} onRetry=${desk.load} />`;
  const Side = TABS[tab];
  const tabs = Object.keys(TABS).filter((name) => name !== "references" || desk.references.length || desk.planned?.ready);
  return html`<div class="review" data-pane=${pane}>
    <nav class="panes" aria-label=${t("review.panes")}>${["tree", "text", "side"].map((name) => html`
      <button type="button" aria-pressed=${pane === name} onclick=${() => setPane(name)}>${t(`review.pane_${name}`)}</button>`)}</nav>
    <aside class="review-tree" aria-label=${t("review.pane_tree")}>
      <${Tree} sections=${desk.sections} parts=${desk.parts} notes=${desk.notes} chosen=${desk.chosen} unit=${document.unit} onShow=${show} /></aside>
    <div class="review-text" ref=${text}>
      <${Trouble} problem=${desk.problem} onRetry=${desk.load} />
      ${desk.sections.map((section) => html`<${Section} key=${section.key} section=${section} unit=${document.unit}
        note=${desk.notes.get(section.key) ?? null} flashed=${desk.flashed?.section === section.key ? desk.flashed.id : ""}
        spot=${desk.flashed?.section === section.key && desk.flashed.spot ? desk.flashed : null}
        busy=${desk.busy === section.key} cites=${desk.cites} actions=${desk.actions} onHistory=${open} documentId=${document.id} />`)}
    </div>
    <aside class="review-side" aria-label=${t("review.pane_side")}>
      <div class="tabs" role="tablist">${tabs.map((name) => html`<button type="button" role="tab"
        aria-selected=${name === tab} onclick=${() => setTab(name)}>${t(`review.tab_${name}`)}</button>`)}</div>
      <${Side} desk=${desk} document=${document} run=${run} onShow=${show} reload=${reload} wanted=${further} /></aside>
    <${Selection} root=${text} desk=${desk} />
    ${desk.proposal && html`<${Proposal} key=${desk.proposal.number} proposal=${desk.proposal} desk=${desk} />`}
  </div>`;
}
