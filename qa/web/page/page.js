// The page around the talk: settings, the two views, links into a report. Settings stay in this browser.

import {keepTranslated, languages, make, translate} from "./words.js";
import {openLinked, openReport, setUpReading, shut} from "./reading.js";
import {askLinked, setUpTalk, talk} from "./talk.js";
import {setUpChecking} from "./checking.js";
import {setUpScope} from "./scope.js";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

const settings = (() => {
  try {
    return JSON.parse(localStorage.getItem("qingwen")) ?? {};
  } catch {
    return {};
  }
})();

const apply = () => {
  root.dataset.theme = settings.dark ?? dark.matches ? "dark" : "light";
  root.toggleAttribute("data-care", settings.care === true);
  root.lang = languages.includes(settings.language) ? settings.language : languages[0];
  document.getElementById("care")?.setAttribute("aria-pressed", String(root.hasAttribute("data-care")));
  document.getElementById("dark")?.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
};

const set = (name, value) => {
  settings[name] = value;
  try {
    localStorage.setItem("qingwen", JSON.stringify(settings));
  } catch {  // a browser that keeps nothing: the setting lasts until the page is closed
  }
  apply();
};

const view = (name) => {
  document.body.dataset.view = name;
  for (const button of document.querySelectorAll("[data-view-of]")) {
    const current = button.dataset.viewOf === name;
    if (current) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
};

const greet = async () => {
  const start = await (await fetch("/page/start")).json();
  const body = document.body;
  body.toggleAttribute("data-feedback", start.feedback);
  setUpScope(start.reports);
  const titles = start.reports.map(({title}) => `《${title}》`);
  document.getElementById("reports").replaceChildren(...titles.map((title) => make("li", {lang: "zh-CN"}, title)));
  const buttons = start.examples.map((question) => make("li", {}, make("button", {type: "button", "data-question": question}, question)));
  document.getElementById("examples").replaceChildren(...buttons);
  document.getElementById("try").hidden = !buttons.length;
  const choice = document.getElementById("document");
  choice.replaceChildren(...start.reports.map(({document, title}) => make("option", {value: document}, title)));
  choice.hidden = start.reports.length < 2;
};

// A link opens what it names: #qingdao-2021/812-869/… a place in a report, #?城市云脑… a question (&in=… the reports that
// it is kept to), #check the other view.
const follow = () => {
  const linked = location.hash.slice(1);
  const asked = linked.startsWith("?");
  if (linked === "check") view("check");
  try {
    const [question, ...kept] = linked.slice(1).split("&in=").map(decodeURIComponent);
    if (asked) askLinked(question, kept);
  } catch {
    return;  // not a link of ours
  }
  openLinked(asked || linked === "check" ? "" : linked);
};

let begun = false;
const begin = () => {
  if (begun) return;
  begun = true;
  apply();
  keepTranslated();
  view("ask");
  const language = document.getElementById("language");
  language.value = root.lang;
  language.addEventListener("change", () => {
    set("language", language.value);
    translate();
  });
  document.getElementById("open").addEventListener("click", openReport);
  document.getElementById("care").addEventListener("click", () => {
    shut();
    set("care", !root.hasAttribute("data-care"));
  });
  document.getElementById("dark").addEventListener("click", () => set("dark", root.dataset.theme !== "dark"));
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(document.body.dataset.view === "check" ? "draft" : "question").focus();
  });
  for (const button of document.querySelectorAll("[data-view-of]")) {
    button.addEventListener("click", () => view(button.dataset.viewOf));
  }
  dark.addEventListener("change", apply);
  addEventListener("hashchange", follow);
  setUpReading();
  setUpTalk();
  setUpChecking();
  greet().finally(follow);
};

// Called by the chat once it has been drawn; the parts around it come in any order.
const PARTS = ["language", "examples", "asking-form", "check-form", "sheet"];
window.qingwen = {
  chat: (element, trigger, watch) => {
    talk(element, trigger, watch);
    const wait = () => (PARTS.every((id) => document.getElementById(id)) ? begin() : requestAnimationFrame(wait));
    wait();
  },
};
