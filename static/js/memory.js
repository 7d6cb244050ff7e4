/** What the document has said, with its places, and what a person decides of it. */

import { html, useState } from "../vendor/preact.js";
import { get, send } from "./api.js";
import { Button, Dialog, Trouble, useLoaded } from "./parts.js";
import { t } from "./words.js";

const KINDS = ["fact", "name", "number", "date", "definition", "promise", "thread"];
const PENDING = ["promise", "thread"];
const FEW = 200;
/** Entries that are drawn at once. */

export function Memory({ desk, onShow }) {
  const path = `${desk.path}/ledger`;
  const texts = desk.sections.map((section) => section.revision).join();
  const { value, problem, reload } = useLoaded(() => get(path), [path, texts]);
  const [trouble, setTrouble] = useState(null);
  const [kind, setKind] = useState("");
  const [room, setRoom] = useState(FEW);
  const [edited, setEdited] = useState(null);
  const all = value?.entries ?? [];
  const kinds = KINDS.filter((name) => all.some((entry) => entry.kind === name));
  const chosen = all.filter((entry) => !kind || entry.kind === kind);
  const change = async (work) => {
    try { setTrouble(null); await work(); } catch (error) { setTrouble(error); }
    await reload();
    await desk.refresh();
  };
  const at = (entry) => [`${path}/${entry.id}`, { "if-match": `"${entry.revision}"` }];
  const patch = (entry, wish) => change(() => { const [where, tag] = at(entry); return send("PATCH", where, wish, tag); });
  const remove = (entry) => change(() => { const [where, tag] = at(entry); return send("DELETE", where, undefined, tag); });
  const save = (fields) => {
    const entry = edited;
    setEdited(null);
    return entry.id ? patch(entry, fields) : change(() => send("POST", path, fields));
  };
  const show = (entry) => {
    if (entry.start16 != null) desk.actions.flash({ id: entry.id, section: entry.section, start16: entry.start16, end16: entry.end16, spot: true });
    else if (entry.section) onShow(entry.section);
  };
  return html`<div class="memory"><${Trouble} problem=${trouble ?? problem} onRetry=${reload} />
    <p class="quiet">${t("memory.what")}</p>
    ${kinds.length > 1 && html`<div class="kinds" role="group" aria-label=${t("memory.kinds")}>${["", ...kinds].map((name) => html`
      <button type="button" aria-pressed=${kind === name} onclick=${() => { setKind(name); setRoom(FEW); }}>${name ? t(`memory.kind_${name}`) : t("memory.all")}</button>`)}</div>`}
    ${value && !all.length && html`<p class="nothing">${t("memory.nothing")}</p>`}
    <ol>${chosen.slice(0, room).map((entry) => html`<${Entry} key=${entry.id} entry=${entry} onShow=${show}
      heading=${desk.sections.find((section) => section.key === entry.section)?.heading ?? ""}
      onEdit=${setEdited} onPatch=${patch} onRemove=${remove} />`)}</ol>
    ${chosen.length > room && html`<${Button} onclick=${() => setRoom(room + FEW)}>${t("memory.more", { n: chosen.length - room })}<//>`}
    <div class="buttons"><${Button} onclick=${() => setEdited({ kind: "fact", subject: "", attribute: "", value: "" })}>${t("memory.add")}<//></div>
    ${edited && html`<${Form} entry=${edited} onDone=${save} onClose=${() => setEdited(null)} />`}</div>`;
}

function Entry({ entry, heading, onShow, onEdit, onPatch, onRemove }) {
  const hidden = entry.status === "hidden";
  const own = entry.origin === "user";
  const shown = PENDING.includes(entry.kind) ? "open" : "stands";
  const marks = [PENDING.includes(entry.kind) && !hidden && t(`memory.status_${entry.status}`),
    own ? t("memory.own") : entry.edited && !hidden && t("memory.edited")].filter(Boolean);
  return html`<li data-hidden=${hidden}>
    <button type="button" class="finding" onclick=${() => onShow(entry)} disabled=${!entry.section}>
      <span class="severity">${[t(`memory.kind_${entry.kind}`), ...marks].join(" · ")}</span>
      <span><b>${entry.subject}</b> · ${entry.attribute}: ${entry.value}</span>
      ${entry.quote && html`<q>${entry.quote}</q>`}<small>${heading || t("memory.everywhere")}</small></button>
    <span class="buttons"><${Button} kind="quiet" onclick=${() => onEdit(entry)}>${t("memory.edit")}<//>
      ${own
        ? html`<${Button} kind="quiet" onclick=${() => onRemove(entry)}>${t("memory.remove")}<//>`
        : html`<${Button} kind="quiet" onclick=${() => onPatch(entry, { status: hidden ? shown : "hidden" })}>${t(hidden ? "memory.show" : "memory.hide")}<//>`}</span></li>`;
}

function Form({ entry, onDone, onClose }) {
  const [fields, setFields] = useState({ subject: entry.subject, attribute: entry.attribute, value: entry.value });
  const [kind, setKind] = useState(entry.kind);
  const whole = Object.values(fields).every((text) => text.trim());
  const done = (event) => { event.preventDefault(); onDone(entry.id ? fields : { kind, ...fields }); };
  const field = (name) => html`<label>${t(`memory.${name}`)}<input maxlength="300" value=${fields[name]} required
    oninput=${(event) => setFields({ ...fields, [name]: event.target.value })} /></label>`;
  return html`<${Dialog} title=${t(entry.id ? "memory.edit_title" : "memory.add")} onClose=${onClose}><form class="wish" onsubmit=${done}>
    ${!entry.id && html`<label>${t("memory.kind")}<select value=${kind} onchange=${(event) => setKind(event.target.value)}>
      ${KINDS.map((name) => html`<option value=${name}>${t(`memory.kind_${name}`)}</option>`)}</select></label>`}
    ${["subject", "attribute", "value"].map(field)}
    ${entry.id && entry.quote && html`<p class="quiet">${t("memory.text_stays")}</p>`}
    <div class="buttons"><${Button} kind="primary" type="submit" disabled=${!whole}>${t("shared.save")}<//>
      <${Button} onclick=${onClose}>${t("shared.cancel")}<//></div></form><//>`;
}
