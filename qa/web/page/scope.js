// Which reports are looked in: all, or some that the reader has chosen. One choice for both views.

import {make} from "./words.js";

let reports = [];  // {document, title, year}
let chosen = new Set();

// Their names; none where it is all.
export const documents = () => {
  const names = reports.map(({document}) => document).filter((name) => chosen.has(name));
  return names.length === reports.length ? [] : names;
};

const show = () => {
  const names = documents();
  const only = reports.find(({document}) => document === names[0]);
  for (const said of document.querySelectorAll(".scope .chosen")) {
    const key = names.length === 0 ? "all_reports" : "some_reports";
    const label = names.length === 1
      ? make("span", {class: "chosen", lang: "zh-CN"}, `《${only.title}》`)
      : make("span", {class: "chosen", "data-word": key, "data-slots": JSON.stringify({count: names.length})});
    said.replaceWith(label);
  }
  for (const box of document.querySelectorAll(".scope input")) {
    const those = box.dataset.documents ? JSON.parse(box.dataset.documents) : [box.value];
    const ticked = those.filter((name) => chosen.has(name)).length;
    box.checked = ticked === those.length;
    box.indeterminate = ticked > 0 && ticked < those.length;
  }
};

export const choose = (names) => {
  chosen = new Set(names);
  show();
};

const tick = ({target}) => {
  const names = new Set(chosen);
  const those = target.dataset.documents ? JSON.parse(target.dataset.documents) : [target.value];
  for (const name of those) {
    if (target.checked) names.add(name);
    else names.delete(name);
  }
  choose(names);
};

const choice = (properties, ...label) =>
  make("label", {}, make("input", {type: "checkbox", onchange: tick, ...properties}), ...label);

// The reports of a year under that year, the newest first; a year is ticked to have all of its reports.
const grouped = () => {
  const years = [...new Set(reports.map(({year}) => year))].sort((one, other) => (other ?? 0) - (one ?? 0));
  return years.map((year) => {
    const theirs = reports.filter((report) => report.year === year);
    const name = year === null ? {"data-word": "of_no_year"} : {"data-word": "of_year", "data-slots": JSON.stringify({year})};
    const all = JSON.stringify(theirs.map(({document}) => document));
    return make("fieldset", {},
      make("legend", {}, theirs.length > 1 ? choice({"data-documents": all}, make("span", name)) : make("span", name)),
      ...theirs.map(({document, title}) => choice({value: document}, make("span", {lang: "zh-CN"}, title))));
  });
};

export const setUpScope = (known) => {
  reports = known;
  for (const scope of document.querySelectorAll(".scope")) {
    scope.hidden = reports.length < 2;
    const all = make("button", {type: "button", "data-word": "all_reports", onclick: () => choose([])});
    scope.querySelector(".choices").replaceChildren(all, ...grouped());
  }
  document.body.toggleAttribute("data-several", reports.length > 1);
  show();
};
