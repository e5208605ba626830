// The talk: asking, what can be done with an answer, and what a screen reader hears of it.

import {make, say, word} from "./words.js";
import {showMark, showCited} from "./reading.js";
import {choose, documents} from "./scope.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
export const pace = () => (still.matches ? "auto" : "smooth");
export const status = (text) => { document.getElementById("status").textContent = text; };

let chat;  // the element that the server draws the talk into
let trigger;
let turns = 0;
let heard = "";
let asked = "";

export const copy = async (button, text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {  // browsers offer the clipboard on https and on this machine only
    const area = make("textarea", {class: "unseen", readonly: true});
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const label = button.querySelector("[data-word]") ?? button;
  const before = label.dataset.word;
  if (before === "copied") return;
  label.dataset.word = "copied";
  status(word("copied"));
  setTimeout(() => { label.dataset.word = before; }, 1600);
};

// The voice of the browser, where it has one; the same button stops it.
const speak = (button) => {
  const label = button.querySelector("[data-word]") ?? button;
  const was = speechSynthesis.speaking;
  speechSynthesis.cancel();
  if (was && label.dataset.word === "quiet") return;
  const spoken = new SpeechSynthesisUtterance(button.dataset.speak);
  spoken.lang = "zh-CN";
  spoken.rate = 0.9;
  label.dataset.word = "quiet";
  spoken.onend = spoken.onerror = () => { label.dataset.word = "speak"; };
  speechSynthesis.speak(spoken);
};

const box = () => document.getElementById("question");

const grow = () => {  // the box with its text; a new question must still be able to reach the top above it
  box().style.height = "auto";
  box().style.height = `${box().scrollHeight + 2}px`;
  makeRoom();
};

const makeRoom = () => {
  document.getElementById("talk").style.setProperty("--bar", `${document.getElementById("asking").offsetHeight}px`);
};

export const ask = (question) => {
  question = question.trim();
  if (!question || chat.querySelector(".talk[data-busy]")) return;
  say(document.getElementById("refused"), "");
  status(word("searching"));
  asked = question;
  trigger("submit", {question, documents: documents()});
  box().value = "";
  grow();
};

let linked = "";  // a question that a link asks, until it is asked
export const askLinked = (question, kept) => {
  if (linked === question) return;
  linked = question;
  choose(kept);
  ask(question);
};

const press = (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const {at, question, copy: copied, link, speak: spoken, vote, turn} = button.dataset;
  if (at) showMark(button);
  else if (question) ask(question);
  else if (copied) copy(button, copied);
  else if (link) copy(button, new URL(`#${link}`, location.href.split("#")[0]).href);
  else if (spoken) speak(button);
  else if (vote) trigger("like", {turn: Number(turn), up: vote === "up"});
  else if (button.matches(".print")) window.print();
  else if (button.matches(".again")) {
    chat.querySelector(".talk").toggleAttribute("data-busy", true);  // already now, or an edit could overtake it
    trigger("retry");
  }
  else if (button.matches(".edit")) {
    box().value = chat.querySelector(".turn:last-child .asked").dataset.asked;
    trigger("edit");
    grow();
    box().focus();
  }
};

const tell = (event) => {
  const form = event.target.closest("form.why");
  if (!form) return;
  event.preventDefault();
  trigger("like", {turn: Number(form.dataset.turn), up: false, reason: form.elements.reason.value});
  box().focus();
};

// After the server has drawn the talk anew.
const drawn = () => {
  const all = chat.querySelectorAll(".turn");
  const last = all[all.length - 1];
  const busy = chat.querySelector(".talk[data-busy]") !== null;
  const begins = busy && !document.body.hasAttribute("data-busy");
  document.body.toggleAttribute("data-busy", busy);
  document.body.toggleAttribute("data-talking", all.length > 0);
  if (!last) {
    turns = 0;
    return;
  }
  if (begins || all.length !== turns) {
    turns = all.length;
    heard = "";
    last.scrollIntoView({block: "start", behavior: pace()});
  }
  const parts = [...last.querySelectorAll("p.from, .short, .sentence, .reason")].filter((part) => part.checkVisibility());
  const answer = parts.map((part) => part.dataset.said ?? part.textContent);
  const said = answer.join("");
  if (!busy && said && said !== heard) {
    heard = said;
    status(word("answered") + said);
    const marks = [...last.querySelectorAll(".mark")];
    if (marks.length) showCited(marks.map((mark) => mark.dataset.at));
  }
};

// Why the server turned a question away: it says so in Chinese, and the page shows it by the question, not yet lost.
const hearRefusals = () => {
  const send = window.fetch;
  window.fetch = async (...sent) => {
    const address = sent[0] instanceof Request ? sent[0].url : String(sent[0]);
    const asking = address.includes("/gradio_api/queue/join");
    const refuse = (message) => {
      say(document.getElementById("refused"), message);
      status("");
      chat.querySelector(".talk").toggleAttribute("data-busy", false);
      box().value ||= asked;
      grow();
    };
    try {
      const response = await send(...sent);
      if (asking && !response.ok) {
        const body = await response.clone().json().catch(() => ({}));
        refuse(body.error?.message ?? word(response.status === 503 ? "crowded" : "failed"));
      }
      return response;
    } catch (error) {
      if (asking) refuse(word("failed"));
      throw error;
    }
  };
};

export const talk = (element, send, watch) => {
  chat = element;
  trigger = send;
  element.addEventListener("click", press);
  element.addEventListener("submit", tell);
  watch("value", drawn);
};

export const setUpTalk = () => {
  if (!("speechSynthesis" in window)) document.body.toggleAttribute("data-mute", true);
  hearRefusals();
  document.getElementById("examples").addEventListener("click", press);
  document.getElementById("asking-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(box().value);
  });
  document.getElementById("stop").addEventListener("click", () => {
    trigger("stop");
    box().focus();
  });
  box().addEventListener("input", grow);
  document.querySelector("#asking .scope").addEventListener("toggle", makeRoom);
  grow();
  box().addEventListener("keydown", (event) => {
    // while characters are being composed, Enter chooses one
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    ask(box().value);
  });
};
