/** Where a run stands: its phase, its length, speed, time left and cost; stop, pause, go on. */

import { html, useEffect, useState } from "../vendor/preact.js";
import { cost, duration, number } from "./format.js";
import { Button, Chip, Meter, ReadSoFar } from "./parts.js";
import { t } from "./words.js";

/** Phases in which a process works on a run. */
export const AT_WORK = new Set(["queued", "planning", "writing", "reviewing", "checking"]);
/** Phases in which a run can be gone on with. */
export const RESUMABLE = new Set(["paused", "cancelled", "failed", "interrupted"]);

export function Status({ live, actions, left }) {
  const { phase, target, unit, calls, spend, eta, tokens_per_second: speed } = live.facts;
  const working = AT_WORK.has(phase);
  const seconds = useClock(live.facts, working);
  const facts = [
    [working && eta != null && t("writing.left", { time: duration(eta) }), "eta"],
    [working && speed != null && t("writing.speed", { n: number(speed) }), "speed"],
    [t(working ? "writing.time" : "writing.took", { time: duration(seconds) }), "time"],
    [t(calls === 1 ? "writing.one_call" : "writing.calls", { n: number(calls) }), "calls"],
    [t("writing.tokens", { n: number(spend.prompt_tokens + spend.completion_tokens) }), "tokens"],
    [spend.cost > 0 && t("writing.cost", { n: cost(spend.cost) }), "cost"],
  ];
  return html`<section class="writing-status" aria-label=${t("writing.progress")}>
    <div class="writing-now"><span role="status"><${Chip} state=${phase}>${t(`shared.phase_${phase}`)}<//>
      ${working && live.facts.reading && html`<${ReadSoFar} reading=${live.facts.reading} />`}</span>
      <${Meter} value=${live.words} target=${target} unit=${unit} label=${t("writing.length_of_all")} />
      <${Buttons} phase=${phase} actions=${actions} left=${left} /></div>
    <ul class="writing-facts">${facts.map(([text, name]) => text && html`<li data-fact=${name}>${text}</li>`)}
      ${!live.connected && !live.ended && html`<li class="lost" role="status">${t("writing.lost")}</li>`}</ul>
  </section>`;
}

function Buttons({ phase, actions, left }) {
  const [busy, setBusy] = useState("");
  const act = (name) => async () => { setBusy(name); await actions[name](); setBusy(""); };
  const button = (name, kind = "") => html`<${Button} kind=${kind} busy=${busy === name} disabled=${busy !== ""}
    title=${t(`writing.${name}_why`)} onclick=${act(name)}>${t(`writing.${name}`)}<//>`;
  return html`<span class="writing-buttons">
    ${AT_WORK.has(phase) && html`${button("pause")}${button("stop", "danger")}`}
    ${left && RESUMABLE.has(phase) && button("resume", "primary")}</span>`;
}

/** Seconds worked on the run: as the server last said, and the time since. */
function useClock(facts, ticking) {
  const [told, setTold] = useState({ facts: null, at: 0 });
  const [now, setNow] = useState(Date.now());
  if (told.facts?.seconds !== facts.seconds) setTold({ facts, at: Date.now() });
  useEffect(() => {
    if (!ticking) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return facts.seconds + (ticking && facts.live ? Math.max(0, now - told.at) / 1000 : 0);
}
