// Checking a text: every claim coloured and labelled in words, and what the report says beside it.
// Offsets count characters as Python does, not UTF-16 units.

import {make, say, word} from "./words.js";
import {copy, status} from "./talk.js";
import {showFinding} from "./reading.js";
import {documents} from "./scope.js";

const part = (id) => document.getElementById(id);
const RULINGS = ["supported", "refuted", "not_enough_info"];

let handed = null;  // {name, data, kept}: what was checked last, as it was handed in, and by which reports
let chosen = null;  // a file that was chosen or dropped

const explain = (verdict) => {
  const rows = [make("h3", {tabindex: "-1", class: `ruling ${verdict.verdict}`, "data-word": verdict.verdict})];
  const row = (key, ...text) => rows.push(make("p", {class: "row"}, make("b", {"data-word": key}), make("span", {lang: "zh-CN"}, ...text)));
  row("claim", verdict.claim);
  const differences = (verdict.difference ?? "").split("；").filter(Boolean);
  const phrases = differences.map((told) => make("span", {"data-phrase": told, class: "told"}, told));
  if (phrases.length) row("difference", ...phrases);
  if (verdict.correction) {
    row("correction", verdict.correction);
    const button = make("button", {type: "button", class: "quiet", "data-word": "copy_correction"});
    button.addEventListener("click", () => copy(button, verdict.correction));
    rows.push(button);
  }
  if (!verdict.citations.length) rows.push(make("p", {class: "row", "data-word": "no_source"}));
  return rows;
};

const place = (citation) => `${encodeURIComponent(citation.document)}/${citation.start}-${citation.end}`;

const claim = (verdict, number, text) => {
  const name = verdict.verdict;
  const tag = make("button", {type: "button", class: "tag", id: `claim-${number}`, "aria-describedby": `claimed-${number}`},
    make("span", {"data-word": `${name}_tag`}));
  const shown = make("mark", {class: `claim ${name}`}, make("span", {id: `claimed-${number}`}, text), tag);
  shown.addEventListener("click", () => {
    part("checked").querySelectorAll(".chosen").forEach((other) => other.classList.remove("chosen"));
    shown.classList.add("chosen");
    showFinding(tag, explain(verdict), verdict.citations.map(place));
  });
  return shown;
};

const draw = ({text, verdicts}) => {
  const characters = Array.from(text);
  const body = [];
  let done = 0;
  verdicts.forEach((verdict, number) => {
    if (!RULINGS.includes(verdict.verdict) || verdict.start < done) return;
    body.push(characters.slice(done, verdict.start).join(""));
    body.push(claim(verdict, number, characters.slice(verdict.start, verdict.end).join("")));
    done = verdict.end;
  });
  body.push(characters.slice(done).join(""));
  part("checked").replaceChildren(...body);

  const counts = RULINGS.map((name) => [name, verdicts.filter(({verdict}) => verdict === name).length]);
  part("tally").replaceChildren(...counts.map(([name, count]) =>
    make("li", {class: name}, make("b", {}, String(count)), make("span", {"data-word": name}))));
  status(counts.map(([name, count]) => `${word(name)} ${count}`).join("，"));

  const corrected = verdicts.filter(({correction}) => correction).reduceRight(
    (all, verdict) => [...all.slice(0, verdict.start), ...verdict.correction, ...all.slice(verdict.end)], characters).join("");
  part("corrected").hidden = !verdicts.some(({correction}) => correction);
  part("corrected").onclick = () => copy(part("corrected"), corrected);
  part("result").hidden = false;
  part("result").querySelector("h3").focus();
};

const send = (route, {name, data, kept}) =>
  fetch(`/v1/check/${route}?${new URLSearchParams([["name", name], ...kept.map((one) => ["document", one])])}`, {
    method: "POST", body: data, headers: {"Content-Type": "application/octet-stream"},
  });

const complaint = async (response) => (await response.json().catch(() => ({}))).error?.message ?? word("failed");

const refuse = (message) => say(part("check-refused"), message);

const check = async () => {
  const text = part("draft").value;
  handed = {...(chosen ?? {name: "draft.txt", data: new Blob([text])}), kept: documents()};
  refuse("");
  if (!chosen && !text.trim()) {
    part("draft").focus();
    return;
  }
  document.body.toggleAttribute("data-checking", true);
  part("result").hidden = true;
  status(word("checking"));
  try {
    const response = await send("file", handed);
    if (response.ok) draw(await response.json());
    else refuse(await complaint(response));
  } catch {
    refuse(word("failed"));
  } finally {
    document.body.removeAttribute("data-checking");
  }
};

const take = (file) => {
  chosen = file ? {name: file.name, data: file} : null;
  part("chosen").textContent = file?.name ?? "";
  if (file) check();
};

const download = async (kind) => {
  refuse("");
  const response = await send(kind, handed).catch(() => null);
  if (!response?.ok) {
    refuse(response ? await complaint(response) : word("failed"));
    return;
  }
  const address = URL.createObjectURL(await response.blob());
  const name = `${handed.name.replace(/\.[^.]*$/, "")}-核查.${kind}`;
  make("a", {href: address, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

export const setUpChecking = () => {
  const view = part("checking");
  part("check-form").addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  part("draft").addEventListener("input", () => take(null));
  part("file").addEventListener("change", () => take(part("file").files[0]));
  part("as-docx").addEventListener("click", () => download("docx"));
  part("as-csv").addEventListener("click", () => download("csv"));
  for (const kind of ["dragover", "dragleave", "drop"]) {
    view.addEventListener(kind, (event) => {
      event.preventDefault();
      view.toggleAttribute("data-over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
    });
  }
};
