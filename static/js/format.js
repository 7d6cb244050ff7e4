/** Numbers, lengths, times and dates as people of the page's language write them. */

import { language, t } from "./words.js";

const numbers = new Intl.NumberFormat(language);
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const STEPS = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** 12345 → "12,345". */
export const number = (value) => numbers.format(Math.round(value));

/** A length with its unit: "1,200 words", "1,200 / 1,500 字". */
export function length(value, unit, target) {
  const shown = target === undefined ? number(value) : `${number(value)} / ${number(target)}`;
  return t(`shared.of_${unit}`, { n: shown });
}

/** Seconds → "45 s", "12 min", "3 h 5 min". */
export function duration(seconds) {
  if (seconds < 90) return t("shared.seconds", { n: Math.max(0, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t("shared.minutes", { n: minutes });
  return t("shared.hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}

/** An ISO date → "5 minutes ago". */
export function ago(iso) {
  const seconds = (Date.parse(iso) - Date.now()) / 1000;
  const [unit, size] = STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return unit === "second" ? t("shared.just_now") : relative.format(Math.round(seconds / size), unit);
}

/** An ISO date in full, for tooltips. */
export const date = (iso) =>
  new Date(iso).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });

/** 0.0312 → "0.03"; costs have no currency: prices are in whatever the endpoint's are. */
export const cost = (value) => value.toLocaleString(language, { maximumFractionDigits: value < 1 ? 4 : 2 });
