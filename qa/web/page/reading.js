// The report beside the talk: the cited sentence in its place, the outline, links to exactly one spot.
// On a narrow screen it is a sheet over the page; the way back is a button, Escape, or the browser's own Back.

import {make, say, word} from "./words.js";
import {ask, copy, pace} from "./talk.js";

const narrow = matchMedia("(max-width: 900px)");
const part = (id) => document.getElementById(id);

let origin = null;  // what was pressed to get here
let shown = "";  // what the report at hand was drawn for

const covers = () => narrow.matches || document.documentElement.hasAttribute("data-care");

const open = (from) => {
  origin = from;
  document.body.toggleAttribute("data-marked", true);
  if (!covers() || document.body.hasAttribute("data-sheet")) return;
  document.body.toggleAttribute("data-sheet", true);
  part("sheet").setAttribute("role", "dialog");
  part("sheet").setAttribute("aria-modal", "true");
  for (const id of ["masthead", "talk", "checking"]) part(id).inert = true;
  history.pushState({sheet: true}, "");
};

const close = () => {
  if (!document.body.hasAttribute("data-sheet")) {
    returnTo();
    return;
  }
  if (history.state?.sheet) history.back();
  else shut();
};

export const shut = () => {
  if (!document.body.hasAttribute("data-sheet")) return;
  document.body.removeAttribute("data-sheet");
  part("sheet").removeAttribute("role");
  part("sheet").removeAttribute("aria-modal");
  for (const id of ["masthead", "talk", "checking"]) part(id).inert = false;
  returnTo();
};

const returnTo = () => {
  document.body.removeAttribute("data-marked");
  // an answer may have been drawn anew since, and the mark with it
  const back = origin?.isConnected ? origin : origin?.id && part(origin.id);
  if (!back) return;
  back.scrollIntoView({block: "nearest", behavior: pace()});
  back.focus({preventScroll: true});
};

// Bring a place into view inside the panel, without moving the page itself.
const bring = (element) => {
  const text = part("reading").querySelector(".text");
  const distance = element.getBoundingClientRect().top - text.getBoundingClientRect().top;
  text.scrollBy({top: distance - text.clientHeight / 3, behavior: pace()});
};

const choose = (name) => {
  for (const tab of part("sheet").querySelectorAll("[data-tab]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
  }
  part("sheet").dataset.showing = name;
};

const load = async (query) => {
  const response = await fetch(`/page/report?${query}`);
  if (!response.ok) return false;
  part("reading").innerHTML = await response.text();  // drawn by the server, every word escaped
  part("document").value = part("reading").querySelector(".text").dataset.document;
  shown = query;
  choose("text");
  return true;
};

const query = (spots) => spots.map((at) => `at=${encodeURIComponent(at)}`).join("&");

const reveal = (focus) => {
  const current = part("reading").querySelector("mark.current, .text [data-here]");
  if (!current) return;
  bring(current);
  if (focus) current.focus({preventScroll: true});
};

// All that an answer cites, the first strongest; nothing moves but the report in its panel.
export const showCited = async (spots) => {
  part("finding").replaceChildren();
  if (await load(query(spots))) reveal(false);
};

// The sentence of one mark, chosen by its reader.
export const showMark = async (mark) => {
  const turn = mark.closest(".turn");
  const others = turn ? [...turn.querySelectorAll(".mark")].map((other) => other.dataset.at) : [];
  const spots = [mark.dataset.at, ...others.filter((at) => at !== mark.dataset.at)];
  if (turn) part("finding").replaceChildren();
  open(mark);
  if (shown !== query(spots)) await load(query(spots));
  choose("text");
  reveal(true);
};

// What a check found, above the report's own sentence.
export const showFinding = async (from, finding, spots) => {
  part("finding").replaceChildren(...finding);
  open(from);
  if (spots.length && await load(query(spots))) reveal(false);
  (part("finding").querySelector("h3") ?? part("sheet")).focus({preventScroll: true});
};

export const openReport = () => {
  open(part("open"));
  part("sheet").focus({preventScroll: true});
};

export const openLinked = async (link) => {
  if (link === "") {
    shut();
    if (!shown) await load("");
    return;
  }
  if (link === shownLink()) return;
  if (await load(query([link]))) {
    open(part("open"));
    reveal(true);
  } else {
    if (!shown) await load("");
    say(part("refused"), word("lost"));
  }
};

const shownLink = () => part("reading").querySelector(".head")?.dataset.link ?? "";

const suggest = async (button) => {
  const list = part(button.getAttribute("aria-controls"));
  const opening = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(opening));
  list.hidden = !opening;
  if (!opening || list.childElementCount) return;
  const response = await fetch(`/page/questions?at=${encodeURIComponent(button.dataset.suggest)}`);
  const {questions} = response.ok ? await response.json() : {questions: []};
  const items = questions.map((question) => make("li", {}, make("button", {type: "button", "data-ask": question}, question)));
  list.replaceChildren(...(items.length ? items : [make("li", {"data-word": "nothing"})]));
};

const press = (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const {tab, goto, suggest: section, ask: question} = button.dataset;
  if (tab) choose(tab);
  else if (button.matches(".close, .back")) close();
  else if (button.matches(".link")) copy(button, new URL(`#${shownLink()}`, location.href.split("#")[0]).href);
  else if (section) suggest(button);
  else if (question) {
    if (document.body.hasAttribute("data-sheet")) close();
    document.querySelector("[data-view-of=ask]").click();
    ask(question);
  } else if (goto) {
    choose("text");
    const heading = part("reading").querySelector(`[data-start="${goto}"]`);
    bring(heading);
    heading.focus({preventScroll: true});
  }
};

export const setUpReading = () => {
  part("sheet").addEventListener("click", press);
  part("document").addEventListener("change", () => load(`document=${encodeURIComponent(part("document").value)}`));
  part("shade").addEventListener("click", close);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.hasAttribute("data-sheet")) close();
  });
  addEventListener("popstate", (event) => {
    if (!event.state?.sheet) shut();
  });
  const fit = () => { if (!covers()) shut(); };
  narrow.addEventListener("change", fit);
};
