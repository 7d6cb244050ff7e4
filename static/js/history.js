/** Every text that a section has had: compared with the present one, brought back. */

import { html, useState } from "../vendor/preact.js";
import { get } from "./api.js";
import { Diff } from "./diff.js";
import { ago, date, number } from "./format.js";
import { Button, Dialog, Trouble, useLoaded } from "./parts.js";
import { has, t } from "./words.js";

export function History({ desk, document }) {
  const section = desk.sections.find((each) => each.key === desk.chosen);
  const [open, setOpen] = useState(null);
  const path = `${desk.path}/sections/${desk.chosen}`;
  const { value, problem, reload } = useLoaded(
    () => (section ? get(`${path}/revisions?texts=false`) : Promise.resolve(null)), [desk.chosen, section?.revision]);
  if (!section) return html`<p class="nothing">${t("review.choose")}</p>`;
  const revisions = [...(value?.revisions ?? [])].reverse();
  return html`<div class="history"><h3>${section.heading}</h3><${Trouble} problem=${problem} onRetry=${reload} />
    <ol>${revisions.map((each) => html`<li data-present=${each.id === section.revision}>
      <button type="button" onclick=${() => setOpen(each)} disabled=${each.id === section.revision}>
        <strong>${t("review.version", { n: each.number })}</strong>
        <span>${has(`review.kind_${each.kind}`) ? t(`review.kind_${each.kind}`) : each.kind} · ${t(`review.by_${each.author || "model"}`)}</span>
        <span>${number(each.words)} ${t(`shared.${document.unit}`)}</span>
        <time datetime=${each.created_at} title=${date(each.created_at)}>${ago(each.created_at)}</time>
        ${each.id === section.revision && html`<em>${t("review.present")}</em>`}</button></li>`)}</ol>
    ${open && html`<${Version} path=${path} revision=${open} section=${section} desk=${desk} onClose=${() => setOpen(null)} />`}</div>`;
}

function Version({ path, revision, section, desk, onClose }) {
  const { value, problem } = useLoaded(() => get(`${path}/diff?old=${revision.id}&new=${section.revision}`), [revision.id, section.revision]);
  const restore = async () => { onClose(); await desk.actions.restore(section.key, revision.id); };
  return html`<${Dialog} title=${t("review.version_against", { n: revision.number })} onClose=${onClose}>
    <${Trouble} problem=${problem} />${value && html`<div class="proposal"><${Diff} pieces=${value.pieces} /></div>`}
    <div class="buttons"><${Button} kind="primary" disabled=${!value} onclick=${restore}>${t("review.restore")}<//>
      <${Button} onclick=${onClose}>${t("shared.close")}<//></div><//>`;
}
