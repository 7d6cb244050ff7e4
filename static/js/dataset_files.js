/** A dataset as files: in which formats, everything packed or only the data. */

import { html, useState } from "../vendor/preact.js";
import { address } from "./api.js";
import { t } from "./words.js";

/** Formats that documents have, by the names that the API knows. */
export const FORMATS = ["messages", "prompt-completion", "sharegpt", "alpaca", "longwriter", "trl-dpo", "llamafactory-dpo", "axolotl-dpo", "kto"];
const word = (name) => t(`datasets.format_${name.replaceAll("-", "_")}`);

/**
 * Which formats are wanted; the last one cannot be taken away.
 * @param {{chosen: string[], choose: (names: string[]) => void}} props
 */
export function Formats({ chosen, choose }) {
  const flip = (name) => {
    const next = FORMATS.filter((each) => (each === name) !== chosen.includes(each));
    if (next.length) choose(next);
  };
  return html`<fieldset class="formats-chosen"><legend>${t("datasets.formats")}</legend>${FORMATS.map((name) => html`
    <label title=${word(name)}><input type="checkbox" name="format" value=${name} checked=${chosen.includes(name)} onchange=${() => flip(name)} />
      <code>${name}</code> <small>${word(name)}</small></label>`)}</fieldset>`;
}

/** Where the files of a dataset are downloaded. */
export const packed = (id, formats, kind = "zip") => address(`/datasets/${id}/export?${new URLSearchParams({ formats: formats.join(","), as: kind })}`);

/** @param {{view: object}} props */
export function Downloads({ view }) {
  const [chosen, setChosen] = useState(view.formats);
  const kinds = ["zip", ...(view.done ? ["jsonl"] : []), ...(view.rejected + view.failed ? ["rejects"] : [])];
  return html`<section class="dataset-files" aria-labelledby="files-title"><h2 id="files-title">${t("datasets.download")}</h2>
    <p class="quiet">${t(view.queued + view.begun ? "datasets.download_so_far" : "datasets.download_all")}</p>
    <${Formats} chosen=${chosen} choose=${setChosen} />
    <p class="dataset-actions">${kinds.map((kind) => html`<a class=${`button ${kind === "zip" ? "primary" : ""}`} href=${packed(view.id, chosen, kind)} download data-download=${kind}>${t(`datasets.as_${kind}`)}</a>`)}</p></section>`;
}
