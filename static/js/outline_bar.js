/** What stands below the outline: its length, whether it is kept, and the way on. */

import { html, useRef, useState } from "../vendor/preact.js";
import { length, number } from "./format.js";
import { differences, usable } from "./outline_check.js";
import { opened } from "./outline_edit.js";
import { recorded, redone, undone } from "./outline_history.js";
import { canKeepMine, keepMine, rebalance, total } from "./outline_lengths.js";
import { Button, Dialog, Trouble } from "./parts.js";
import { t } from "./words.js";

/** The sum in view, and what brings it to the document's length. */
function Sum({ plan, unit, setHistory }) {
  const sum = total(plan);
  const off = sum - plan.target;
  const apply = (change) => setHistory((old) => recorded(old, change(old.now)));
  return html`<div class="outline-sum" data-off=${off !== 0}><span><strong id="outline-total">${length(sum, unit, plan.target)}</strong>
      <span>${off ? t(off > 0 ? "outline.over" : "outline.short", { n: number(Math.abs(off)) }) : t("outline.exact")}</span></span>
    ${off !== 0 && html`<span class="outline-fit"><${Button} onclick=${() => apply(rebalance)} title=${t("outline.rebalance_told")}>${t("outline.rebalance")}<//>
      ${canKeepMine(plan) && html`<${Button} onclick=${() => apply(keepMine)} title=${t("outline.keep_mine_told")}>${t("outline.keep_mine")}<//>`}</span>`}</div>`;
}

/** @param {{plan, history, setHistory, kept: {state, problem}, unit: string, busy: boolean, onRetry, onApprove, onDone}} props
 *   `onApprove`: null where there is nothing left to approve */
export function Bar({ plan, history, setHistory, kept, unit, busy, onRetry, onApprove, onDone }) {
  const [approving, setApproving] = useState(false);
  const [problem, setProblem] = useState(null);
  const approve = async () => {
    setApproving(true);
    setProblem(null);
    try {
      await onApprove();
    } catch (error) { setProblem(error); }
    setApproving(false);
  };
  const off = total(plan) !== plan.target;
  return html`<div class="outline-bar" role="group" aria-label=${t("outline.bar")}>
    <${Trouble} problem=${problem} /><${Trouble} problem=${kept.state === "trouble" ? kept.problem : null} onRetry=${onRetry} />
    <${Sum} plan=${plan} unit=${unit} setHistory=${setHistory} />
    <div class="outline-way"><span class="outline-kept" data-state=${kept.state} role="status">${t(`outline.state_${kept.state}`)}</span>
      <button type="button" class="quiet-button" disabled=${!history.past.length} onclick=${() => setHistory(undone)}
        title=${t("shared.undo")} aria-label=${t("shared.undo")}>↶</button>
      <button type="button" class="quiet-button" disabled=${!history.future.length} onclick=${() => setHistory(redone)}
        title=${t("outline.redo")} aria-label=${t("outline.redo")}>↷</button>
      ${onApprove && html`<${Button} kind="primary" busy=${approving} disabled=${busy || !usable(plan)} onclick=${approve}>${t("outline.approve")}<//>`}
      ${onDone && html`<${Button} kind="primary" disabled=${!usable(plan)} onclick=${onDone}>${t("outline.done")}<//>`}</div>
    ${off && onApprove && html`<p class="hint">${t("outline.fitted")}</p>`}</div>`;
}

/** Somebody else has changed the outline: what, and whose it shall be. */
export function Conflict({ keeper, problem, setHistory }) {
  const settled = useRef(false);
  const current = problem.rest.current;
  const found = differences(keeper.base, current.outline);
  const settle = (choice) => () => {
    if (!settled.current) choice();
    settled.current = true; // the dialog tells of its end once more
  };
  const keep = settle(() => keeper.settle(current));
  const take = settle(() => {
    const theirs = opened(current.outline);
    keeper.settle(current, theirs);
    setHistory((old) => recorded(old, theirs));
  });
  const kinds = ["added", "removed", "changed", "retargeted"].filter((kind) => found[kind].length);
  return html`<${Dialog} title=${t("outline.conflict")} onClose=${take}><p>${t("outline.conflict_told")}</p>
    <ul class="outline-differences">${kinds.map((kind) => html`<li><strong>${t(`outline.${kind}`)}</strong>
      <span>${found[kind].slice(0, 8).join(" · ")}${found[kind].length > 8 ? " …" : ""}</span></li>`)}
      ${found.moved && html`<li><strong>${t("outline.reordered")}</strong></li>`}</ul>
    <p class="buttons"><${Button} kind="primary" onclick=${keep}>${t("outline.keep_own")}<//>
      <${Button} onclick=${take}>${t("outline.take_theirs")}<//></p><//>`;
}
