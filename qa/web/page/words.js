// The words of the page itself, and the fixed phrases of the server, in the language chosen. Answers and reports keep
// their own.

const {languages, ...words} = JSON.parse(document.getElementById("words").textContent);

export {languages};

const language = () => Math.max(0, languages.indexOf(document.documentElement.lang));
const filled = (text, slots) => text.replace(/{(\w+)}/g, (slot, name) => slots[name] ?? slot);

export const word = (key, slots = {}) => filled(words[key][language()], slots);

// The phrases that the server writes, simplified Chinese first: what one of them is made from, with its slots filled.
const phrases = JSON.parse(document.getElementById("phrases").textContent).map((said) => {
  const slots = said[0].split(/({\w+})/).map((part) =>
    part.startsWith("{") ? `(?<${part.slice(1, -1)}>.+?)` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return {said, pattern: new RegExp(`^${slots.join("")}$`, "s")};
});

const phrase = (text) => {
  for (const {said, pattern} of phrases) {
    const found = pattern.exec(text);
    if (!found) continue;
    const slots = Object.entries(found.groups ?? {}).map(([name, words]) => [name, phrase(words) ?? words]);
    return filled(said[language()], Object.fromEntries(slots));
  }
};

// One phrase after another, as the server put them together; what is none stays as it is.
export const rephrase = (text) => {
  if (language() === 0) return text;
  const sentences = text.split(/(?<=。)/);
  const done = [];
  while (sentences.length) {
    const first = (count) => sentences.slice(0, count).join("");
    const count = sentences.findIndex((_, n) => phrase(first(n + 1))) + 1 || 1;
    done.push(phrase(first(count)) ?? first(count));
    sentences.splice(0, count);
  }
  return done.join(document.documentElement.lang === "en" ? " " : "");
};

const ATTRIBUTES = {label: "aria-label", placeholder: "placeholder", title: "title"};
const SELECTOR = ["[data-word]", "[data-phrase]", ...Object.keys(ATTRIBUTES).map((name) => `[data-word-${name}]`)].join();

const rephrased = (element, said) => {
  const text = rephrase(said);
  const lang = text === said ? languages[0] : languages[language()];
  if (element.textContent !== text) element.textContent = text;
  if (element.lang !== lang) element.lang = lang;
};

const put = (element) => {
  const {word: key, slots} = element.dataset;
  const text = key && word(key, slots ? JSON.parse(slots) : {});
  if (key && element.textContent !== text) element.textContent = text;
  if (element.dataset.phrase) rephrased(element, element.dataset.phrase);
  for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
    const wanted = element.getAttribute(`data-word-${name}`);
    if (wanted && element.getAttribute(attribute) !== word(wanted)) element.setAttribute(attribute, word(wanted));
  }
};

export const translate = (root = document) => {
  if (root.matches?.(SELECTOR)) put(root);
  root.querySelectorAll(SELECTOR).forEach(put);
};

// Whatever is drawn later is put into the language before it is seen.
export const keepTranslated = () => {
  translate();
  new MutationObserver((changes) => {
    for (const {target, type, addedNodes} of changes) {
      if (type === "attributes") put(target);
      else if (type === "characterData") target.parentElement && put(target.parentElement);
      else addedNodes.forEach((node) => (node.nodeType === Node.ELEMENT_NODE ? translate(node) : put(target)));
    }
  }).observe(document.body, {
    subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: ["data-word", "data-slots", "data-phrase", ...Object.keys(ATTRIBUTES).map((name) => `data-word-${name}`)],
  });
};

// Make an element: its tag, its properties (class, data-…, on…), and what is in it. Text stays text.
export const make = (tag, properties = {}, ...content) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...content);
  put(element);
  return element;
};

// Say in an element what the server said, or nothing.
export const say = (element, text) => {
  element.dataset.phrase = text;
  element.textContent = text && rephrase(text);
};
