/** The step "outline" of a document: planned while one looks on, then edited, later only read. */

import { html, useEffect, useMemo, useState } from "../vendor/preact.js";
import { getTagged, watch } from "./api.js";
import { Button, Empty, ReadSoFar, Trouble, useLoaded } from "./parts.js";
import { divisionAt, partNo } from "./outline_edit.js";
import { Editor } from "./outline_editor.js";
import { lengthOf } from "./outline_lengths.js";
import { Above, Told, Unplaced } from "./outline_row.js";
import { t } from "./words.js";

const PLANNING = new Set(["queued", "planning"]);

/** @param {{document: object, run: object|null, reload: () => Promise<void>}} props */
export const Outline = (props) => html`<${State} key=${`${props.run?.run_id} ${props.run?.status}`} ...${props} />`;

/** One state of the run; what another has loaded may be of an earlier plan. */
function State(props) {
  const { document, run, reload } = props;
  const loaded = useLoaded(() => getTagged(run ? `/runs/${run.run_id}/outline` : `/documents/${document.id}/outline`), []);
  if (run && PLANNING.has(run.status)) return html`<${Planning} ...${props} loaded=${loaded} />`;
  const { value, problem } = loaded;
  if (problem?.status === 404) return html`<${Nothing} id=${document.id} />`;
  if (!value) return problem ? html`<${Trouble} problem=${problem} onRetry=${loaded.reload} />` : html`<${Rows} />`;
  if (run?.status === "awaiting_approval") {
    return html`<${Editor} key=${run.run_id} document=${document} run=${run} loaded=${value} reload=${reload} />`;
  }
  return html`<${Settled} ...${props} loaded=${loaded} />`;
}

/** Past the approval: to be read, and changed once the document is finished. */
function Settled({ document, run, reload, loaded }) {
  const [changing, setChanging] = useState(false);
  const done = () => Promise.all([loaded.reload(), reload()]).then(() => setChanging(false));
  if (changing) {
    return html`<${Editor} document=${document} run=${run} loaded=${loaded.value} reload=${reload} onDone=${done} />`;
  }
  return html`<section class="outline">
    ${run?.status === "done" && html`<${Button} onclick=${() => setChanging(true)}>${t("outline.change")}<//>`}
    <${Rows} outline=${loaded.value.value} document=${document} run=${run} /></section>`;
}

function Nothing({ id }) {
  return html`<${Empty} title=${t("outline.nothing")}><p>${t("outline.nothing_told")}</p>
    <p><a class="button" href=${`#/d/${id}/writing`}>${t("outline.to_writing")}</a></p><//>`;
}

function Planning({ run, document, loaded, reload }) {
  const outline = loaded.value?.value;
  const [reading, setReading] = useState(null);
  useEffect(() => {
    const moved = ({ status }) => PLANNING.has(status) || reload();
    return watch(`/runs/${run.run_id}/events`, {
      reading: ({ done, of }) => setReading(of ? [done, of] : null), notes: () => setReading(null),
      outline: loaded.reload, part: loaded.reload, division: loaded.reload, status: moved, end: reload,
    });
  }, [run.run_id]);
  return html`<section class="outline" aria-busy="true"><p class="outline-planning" role="status">
    <span class="spinner" aria-hidden="true" /> 
    ${t(reading ? "sources.read_first" : outline ? "outline.planning_parts" : "outline.planning")}
    ${reading && html`<${ReadSoFar} reading=${reading} />`}</p>
    <${Rows} outline=${outline} document=${document} /></section>`;
}

const Skeleton = () => html`<li class="outline-told skeleton" aria-hidden="true"><span /><span /><span /></li>`;

/** The outline to be read; what is not planned yet is drawn as it will be. */
function Rows({ outline, document, run = null }) {
  const unit = document ? t(`shared.${document.unit}`) : "";
  const step = run?.status === "done" || !run ? "review" : "writing";
  const href = (key) => `#/d/${document.id}/${step}?section=${key}`;
  const items = useMemo(() => (outline ? itemsOf(outline) : []), [outline]);
  if (!outline) return html`<ol class="outline-list">${[1, 2, 3, 4, 5].map(() => html`<${Skeleton} />`)}</ol>`;
  return html`<${Unplaced} lines=${outline.unplaced} /><ol class="outline-list">${items.map((each) => (each === null ? html`<${Skeleton} />`
    : each.level === "division" ? html`<${Above} key=${`above ${each.key}`} ...${each} />`
    : html`<${Told} key=${each.no} ...${each} unit=${unit} href=${each.place && href(each.place)} />`))}</ol>`;
}

/** Every row, those of a book's divisions above their chapters. */
function itemsOf(outline) {
  const plan = { parts: outline.parts, divisions: outline.divisions ?? [] };
  return outline.parts.flatMap((part, at) => {
    if (part.division && part.key === part.division) return rowsOf(part, `${part.key}`, true);
    const above = divisionAt(plan, at);
    return [...(above ? [{ ...above, level: "division" }] : []), ...rowsOf(part, partNo(plan, at), false)];
  });
}

/** Its own row and those of its sections, numbered by place; keys tell where the texts are. */
function rowsOf(part, no, later) {
  const { heading, point, sections } = part;
  const target = sections.length ? lengthOf(part) : part.target;
  if (sections.length === 1) {
    return [{ no, heading, point: point || sections[0].point, target, level: "alone", place: sections[0].key,
      duties: sections[0].duties }];
  }
  const inside = sections.map((each, at) => ({ ...each, no: `${no}.${at + 1}`, level: "section", place: each.key }));
  return [{ no, heading, point, target, level: "part", place: "" }, ...(inside.length || later ? inside : [null, null])];
}
