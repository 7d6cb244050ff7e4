/**
 * How the lengths of an outline are divided: sums, shares, and what keeps the person's own.
 * Pure functions on the value that `outline_edit.js` describes.
 */

/** The shortest section worth planning, in words or characters. */
export const SMALLEST = 20;

/** The sum of a part's sections. */
export const lengthOf = (part) => part.sections.reduce((sum, section) => sum + section.target, 0);

/** The sum of all sections. */
export const total = (plan) => plan.parts.reduce((sum, part) => sum + lengthOf(part), 0);

/** All sections in reading order. */
export const sectionsOf = (plan) => plan.parts.flatMap((part) => part.sections);

/**
 * Whole numbers in the proportion of `weights` that sum to `amount`; none below `least` where
 * that can be (largest remainders, ties to the first).
 */
export function apportion(amount, weights, least = 1) {
  const low = Math.max(0, Math.min(least, Math.floor(amount / weights.length)));
  const exact = proportional(amount, weights.map((weight) => Math.max(weight, 1e-9)), low);
  const shares = exact.map(Math.floor);
  let left = amount - shares.reduce((a, b) => a + b, 0);
  const order = exact.map((each, at) => [each - Math.floor(each), at]);
  order.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (const [, at] of order) if (left-- > 0) shares[at] += 1;
  return shares;
}

/** Exact shares in proportion; those that would be below `low` get it, the others the rest. */
function proportional(amount, weights, low) {
  const least = new Set();
  for (;;) {
    const free = amount - low * least.size;
    const sum = weights.reduce((a, weight, at) => (least.has(at) ? a : a + weight), 0);
    const short = weights.flatMap((weight, at) => (
      !least.has(at) && (free * weight) / sum < low ? [at] : []
    ));
    if (!short.length) return weights.map((weight, at) => (least.has(at) ? low : (free * weight) / sum));
    short.forEach((at) => least.add(at));
  }
}

/** Every section whose id is a key of `targets` gets that length. */
function withTargets(plan, targets) {
  const parts = plan.parts.map((part) => {
    if (!part.sections.some((each) => targets.has(each.id))) return part;
    const sections = part.sections.map((each) => {
      const target = targets.get(each.id) ?? each.target;
      return target === each.target ? each : { ...each, target };
    });
    return { ...part, sections };
  });
  return { ...plan, parts };
}

/** These sections, scaled so that they sum to `amount`. */
function scaled(plan, sections, amount) {
  const shares = apportion(amount, sections.map((each) => each.target), SMALLEST);
  return withTargets(plan, new Map(sections.map((each, at) => [each.id, shares[at]])));
}

/** All sections scaled, so that the sum is the document's length. */
export const rebalance = (plan) => scaled(plan, sectionsOf(plan), plan.target);

/** Whether there are lengths set by hand, and room for all others beside them. */
export function canKeepMine(plan) {
  const all = sectionsOf(plan);
  const rest = all.filter((each) => !each.mine);
  const mine = all.reduce((sum, each) => sum + (each.mine ? each.target : 0), 0);
  return rest.length > 0 && rest.length < all.length && plan.target - mine >= rest.length * SMALLEST;
}

/** The lengths set by hand stay and the others are scaled; as it was where that cannot be. */
export function keepMine(plan) {
  if (!canKeepMine(plan)) return plan;
  const all = sectionsOf(plan);
  const mine = all.reduce((sum, each) => sum + (each.mine ? each.target : 0), 0);
  return scaled(plan, all.filter((each) => !each.mine), plan.target - mine);
}

/** What is kept and written: the sum is exact, and lengths set by hand stay where they can. */
export function fitted(plan) {
  if (total(plan) === plan.target) return plan;
  return canKeepMine(plan) ? keepMine(plan) : rebalance(plan);
}

/** Another length for a section, or for a part, whose sections are scaled; it is the person's. */
export function retarget(plan, id, amount) {
  const part = plan.parts.find((each) => each.id === id);
  const sections = part ? part.sections : sectionsOf(plan).filter((each) => each.id === id);
  const wanted = Math.max(sections.length, Math.round(amount));
  const ids = new Set(sections.map((each) => each.id));
  const own = scaledTo(plan, sections, wanted);
  const parts = own.parts.map((each) => ({
    ...each,
    sections: each.sections.map((one) => (ids.has(one.id) ? { ...one, mine: true } : one)),
  }));
  return { ...own, parts };
}

/** As `scaled`, but as short as the person wishes. */
function scaledTo(plan, sections, amount) {
  const shares = apportion(amount, sections.map((each) => each.target), 1);
  return withTargets(plan, new Map(sections.map((each, at) => [each.id, shares[at]])));
}
