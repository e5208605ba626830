// The words of the page itself, in the language chosen. Answers and reports keep their own.

const {languages, ...words} = JSON.parse(document.getElementById("words").textContent);

export {languages};

const language = () => Math.max(0, languages.indexOf(document.documentElement.lang));
const filled = (text, slots) => text.replace(/{(\w+)}/g, (slot, name) => slots[name] ?? slot);

export const word = (key, slots = {}) => filled(words[key][language()], slots);

const ATTRIBUTES = {label: "aria-label", placeholder: "placeholder", title: "title"};
const SELECTOR = ["[data-word]", ...Object.keys(ATTRIBUTES).map((name) => `[data-word-${name}]`)].join();

const put = (element) => {
  const {word: key, slots} = element.dataset;
  const text = key && word(key, slots ? JSON.parse(slots) : {});
  if (key && element.textContent !== text) element.textContent = text;
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
    attributes: true, attributeFilter: ["data-word", "data-slots", ...Object.keys(ATTRIBUTES).map((name) => `data-word-${name}`)],
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
