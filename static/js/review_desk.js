/** What the review works on: sections, what was found in them, and what may be done. */

import { useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { get, request, send } from "./api.js";
import { tell } from "./parts.js";
import { citedBy } from "./references.js";
import { go } from "./route.js";
import { t } from "./words.js";

let proposals = 0;

/**
 * Sections, notes on them, and actions that keep both up to date.
 * @returns {object} `sections` is null until they are loaded; `notes`: key → {stale, scores, findings}
 */
export function useDesk(document, run, reload) {
  const [sections, setSections] = useState(null);
  const [review, setReview] = useState({ sections: [], document: [] });
  const [parts, setParts] = useState([]);
  const [problem, setProblem] = useState(null);
  const [chosen, setChosen] = useState("");
  const [flashed, setFlashed] = useState(null);
  const [proposal, setProposal] = useState(null);
  const [busy, setBusy] = useState("");
  const [references, setReferences] = useState([]);
  const [planned, setPlanned] = useState(null);
  const [cited, setCited] = useState(null);
  const path = `/documents/${document.id}`;

  const loadReview = async () => {
    setReview(await get(`${path}/review`));
    setReferences((await get(`${path}/references`)).references);
  };
  const guarded = async (work) => {
    try { setProblem(null); return await work(); } catch (error) { setProblem(error); return undefined; }
  };
  const load = () => guarded(async () => {
    const all = await get(`${path}/sections`);
    setSections(all.sections);
    setChosen((old) => old || all.sections[0]?.key || "");
    await loadReview();
    setPlanned(await get(`${path}/notes`));
    if (run) setParts((await get(`/runs/${run.run_id}/outline`)).parts);
  });
  useEffect(() => { load(); }, [document.id]);

  const latest = useRef();
  latest.current = { sections, flash: (finding) => setFlashed(finding) };
  const put = (section) => setSections((old) => old.map((each) => (each.key === section.key ? section : each)));
  const changed = async (section) => {
    put(section);
    await guarded(loadReview);
    reload();
  };
  const of = (key) => latest.current.sections.find((each) => each.key === key);
  const at = (key) => `${path}/sections/${key}`;

  const actions = useMemo(() => ({
    /** Store a text; throws Problem, also where somebody else was faster (412). */
    async save(key, text, revision, kind = "edit") {
      await changed(await send("PUT", at(key), { text, kind }, { "if-match": `"${revision}"` }));
    },
    async lock(key, on) {
      await guarded(async () => changed(await send("POST", `${at(key)}/${on ? "lock" : "unlock"}`)));
    },
    async restore(key, revision) {
      const present = of(key).revision;
      await guarded(async () => {
        await changed(await send("POST", `${at(key)}/revisions/${revision}/restore`, undefined, { "if-match": `"${present}"` }));
        tell(t("review.restored"));
      });
    },
    async keepVariant(key, text) {
      await guarded(async () => {
        await send("POST", `${at(key)}/variants`, { text });
        tell(t("review.variant_kept"));
      });
    },
    /** A section no longer fits: it does, says the person. */
    async fits(key) {
      await guarded(async () => changed(await send("POST", `${at(key)}/keep`)));
    },
    /** Have a section brought in line; the proposal is shown. */
    async align(key) { await this.propose(key, t("review.align"), () => send("POST", `${at(key)}/align`)); },
    async fix(finding) {
      await this.propose(finding.section, finding.message,
        () => send("POST", `${at(finding.section)}/fix`, { finding: finding.id }));
    },
    /** Have a selection changed; `place`: UTF-16 offsets in the section's text. */
    async passage(key, operation, place, body) {
      const section = of(key);
      await this.propose(key, t(`review.op_${operation}`), async () => {
        const order = { document: document.id, section: key, ...points(section.text, place), ...body };
        const made = await send("POST", `/passages/${operation}`, order);
        const text = section.text.slice(0, place.start) + made.text + section.text.slice(place.end);
        const { pieces } = await send("POST", "/diffs", { before: place.text, after: made.text });
        return { text, pieces, words: made.words, accepted: made.accepted, usage: made.usage, revision: section.revision };
      });
    },
    async propose(key, title, ask) {
      setBusy(key);
      const number = ++proposals;
      setProposal({ number, key, title, again: () => actions.propose(key, title, ask) });
      try {
        const made = await ask();
        setProposal((old) => (old?.number === number ? { ...old, made } : old));
      } catch (error) {
        setProposal((old) => (old?.number === number ? { ...old, problem: error } : old));
      } finally { setBusy(""); }
    },
    /** Have the whole section written anew, as a run of its own, and watch it. */
    async redo(key, instruction) {
      await guarded(async () => {
        await request("POST", `${at(key)}/redo`, { instruction });
        reload();
        go(`/d/${document.id}/writing`);
      });
    },
    cite: (number) => setCited({ number, at: Date.now() }),
    flash: (finding) => latest.current.flash({ ...finding }),
  }), [document.id]);

  const notes = useMemo(() => new Map(review.sections.map((each) => [each.key, each])), [review]);
  const cites = useMemo(() => citedBy(references), [references]);
  return { sections, parts, notes, review, references, planned, cited, cites, problem, chosen, flashed, proposal, busy, actions, load,
    refresh: () => guarded(loadReview), choose: setChosen, drop: () => setProposal(null), path };
}

/** Offsets in code points, as the API counts, from UTF-16 ones. */
function points(text, { start, end }) {
  const before = [...text.slice(0, start)].length;
  return { start: before, end: before + [...text.slice(start, end)].length };
}
