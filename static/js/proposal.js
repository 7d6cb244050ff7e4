/** What a model proposes, beside what stands: taken, refused, or kept as a variant. */

import { html, useState } from "../vendor/preact.js";
import { Diff } from "./diff.js";
import { number } from "./format.js";
import { Button, Dialog, tell, Trouble } from "./parts.js";
import { t } from "./words.js";

/** @param {{proposal: object, desk: object}} props */
export function Proposal({ proposal, desk }) {
  const { key, title, made, problem, again } = proposal;
  const [trouble, setTrouble] = useState(null);
  const [beside, setBeside] = useState(false);
  const [busy, setBusy] = useState(false);
  const accept = async () => {
    setBusy(true);
    try {
      await desk.actions.save(key, made.text, made.revision, "accepted");
      desk.drop();
      tell(t("review.accepted"), { label: t("shared.undo"), onclick: () => desk.actions.restore(key, made.revision) });
    } catch (error) { setTrouble(error); setBusy(false); }
  };
  const keep = () => { desk.actions.keepVariant(key, made.text); desk.drop(); };
  return html`<${Dialog} title=${title} onClose=${desk.drop}>
    ${!made && !problem && html`<p class="waiting" role="status"><span class="spinner" aria-hidden="true" /> ${t("review.proposing")}</p>`}
    <${Trouble} problem=${problem ?? trouble} onRetry=${problem ? again : undefined} />
    ${made && html`<div class="proposal"><${Diff} pieces=${shortened(made.pieces)} beside=${beside} /></div>
      ${!made.accepted && html`<p class="doubt">${t("review.doubtful")}</p>`}
      <p class="facts"><label><input type="checkbox" checked=${beside} onchange=${() => setBeside(!beside)} /> ${t("review.beside")}</label>
        <span>${t("review.spent", { calls: made.usage.calls, tokens: number(made.usage.total_tokens) })}</span></p>
      <div class="buttons"><${Button} kind="primary" busy=${busy} onclick=${accept}>${t("review.accept")}<//>
        <${Button} onclick=${desk.drop}>${t("review.reject")}<//>
        <${Button} onclick=${keep}>${t("review.keep_variant")}<//>
        <${Button} kind="quiet" onclick=${again}>${t("review.again")}<//></div>`}<//>`;
}

const AROUND = 300;

/** Long stretches that stay as they are, cut to what stands around the changes. */
function shortened(pieces) {
  return pieces.map((piece, index) => {
    if (piece.op !== "equal" || piece.text.length <= 2 * AROUND + 40) return piece;
    const head = index ? piece.text.slice(0, AROUND) : "";
    const tail = index < pieces.length - 1 ? piece.text.slice(-AROUND) : "";
    return { ...piece, text: `${head} … ${tail}` };
  });
}
