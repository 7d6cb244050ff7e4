/** What a run would take, said beneath the form that begins it. */

import { html, useEffect, useState } from "../vendor/preact.js";
import { send } from "./api.js";
import { cost, duration, number } from "./format.js";
import { t } from "./words.js";

/** Milliseconds without typing, after which the server is asked. */
const TYPING = 600;

const between = ({ low, high }, show) => (show(low) === show(high) ? show(low) : `${show(low)} – ${show(high)}`);
/** Two digits of a large number: more would pretend to know. */
const about = (value) => number(value < 100 ? value : Number(value.toPrecision(2)));

/** Says nothing for what cannot be begun: the form's own button tells why.
 * @param {{path: string, body: object}} props of the request that would begin it */
export function Expected({ path, body }) {
  const [found, setFound] = useState(null);
  const asked = JSON.stringify(body);
  useEffect(() => {
    let late = false;
    const timer = setTimeout(() => send("POST", `${path}/estimate`, JSON.parse(asked)).then(
      (value) => late || setFound(value),
      () => late || setFound(null),
    ), TYPING);
    return () => { late = true; clearTimeout(timer); };
  }, [path, asked]);
  if (!found) return null;
  const [one, other] = [found.prompt_tokens, found.completion_tokens];
  const facts = [
    t("further.calls", { n: between(found.calls, about) }),
    t("further.tokens", { n: between({ low: one.low + other.low, high: one.high + other.high }, about) }),
    t("further.time", { n: between(found.seconds, duration), likely: duration(found.seconds.likely) }),
    ...(found.cost.high > 0 ? [t("further.cost", { n: between(found.cost, cost) })] : []),
  ];
  return html`<p class="quiet expected" role="status">${t("further.takes")} ${facts.join(" · ")}</p>`;
}
