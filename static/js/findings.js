/** What was found in the document, and how it is mended. */

import { html } from "../vendor/preact.js";
import { Button } from "./parts.js";
import { said, t } from "./words.js";

const ORDER = ["fail", "warn", "note"];

export function Findings({ desk, onShow }) {
  const whole = (desk.review.findings ?? []).map((each) => ({ ...each, heading: "" }));
  const all = [...whole, ...desk.sections.flatMap((section) => (desk.notes.get(section.key)?.findings ?? []).map((each) => ({ ...each, heading: section.heading })))];
  all.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const { quality, why } = desk.review;
  return html`<div class="findings">
    <p class="quality">${quality == null ? t("review.unscored") : t("review.quality", { n: Math.round(quality) })}
      ${why && html` <small>${said(why)}</small>`}</p>
    ${!all.length && html`<p class="nothing">${t("review.no_findings")}</p>`}
    <ol>${all.map((finding) => html`<${Finding} key=${finding.id} finding=${finding} desk=${desk} onShow=${onShow} />`)}</ol></div>`;
}

function Finding({ finding, desk, onShow }) {
  const { actions, flashed, busy } = desk;
  const open = () => {
    if (finding.start16 != null) actions.flash(finding);
    else if (finding.section) onShow(finding.section);
  };
  const headingOf = (key) => desk.sections.find((section) => section.key === key)?.heading;
  return html`<li data-severity=${finding.severity} aria-current=${flashed?.id === finding.id ? "true" : undefined}>
    <button type="button" class="finding" onclick=${open}>
      <span class="severity">${t(`review.severity_${finding.severity}`)}</span> <span>${told(finding.message)}</span>
      ${finding.quote && html`<q>${finding.quote}</q>`}<small>${finding.heading}</small>
    </button>
    ${finding.others.map((other, number) => html`<button type="button" class="finding" title=${t("review.other_place")}
      onclick=${() => actions.flash({ ...other, id: `${finding.id}/${number}`, spot: true })}><q>${other.quote}</q><small>${headingOf(other.section)}</small></button>`)}
    ${finding.fixable && html`<${Button} disabled=${Boolean(busy)} onclick=${() => actions.fix(finding)}>${t("review.fix")}<//>`}</li>`;
}

/** Which section it is stands below: the message begins with what is wrong. */
function told(message) {
  const text = said(message).replace(/^section '[^']*' /, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
