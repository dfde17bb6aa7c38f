// The keys of the review: single ones, as nothing is written outside its dialogs. They are told by
// the key's place (event.code), since an input method for Chinese changes what a key says.

import { KeySheet, digitOf, writes } from "/static/js/key-sheet.js";
import { recall, remember } from "/static/js/storage.js";

const ACTS = {
  Enter: "confirm", NumpadEnter: "confirm", KeyX: "unusable", KeyO: "outside", KeyM: "silent",
  KeyF: "facets", KeyS: "facts", KeyI: "intent", KeyE: "edit", KeyU: "undo", KeyJ: "next",
  KeyK: "previous", KeyA: "all", Slash: "search", Escape: "reset",
  ArrowDown: "down", ArrowUp: "up",
};
const MAY_REPEAT = ["next", "previous", "down", "up"];
const SHEET = [
  ["Enter", "确认建议，勾了的都算，到下一组"],
  ["1 – 5", "改成助手认为可能的第几个事项"],
  ["Shift + 1 – 5", "改成第几个事项，再选询问方面"],
  ["I", "选别的事项（汉字或拼音首字母）"],
  ["O", "范围外，再选是谁管的事"],
  ["M", "问的是指南没写的，再选是哪一类"],
  ["F", "改询问方面"],
  ["S", "标出句子里说的情况"],
  ["X", "不可用：学了没有用处的话"],
  ["E", "改句子（原句另外保存）"],
  ["↑ ↓", "在相近的句子里移动"],
  ["空格", "勾选或去掉这一句"],
  ["A", "全部勾选，或全部去掉"],
  ["J", "先跳过，到下一组"],
  ["K", "回到上一组"],
  ["U", "撤销上一步"],
  ["Esc", "不要改动，回到建议"],
  ["/", "搜索"],
  ["?", "打开这张表"],
];
const SETTING = "review-single-keys";

export class Keys {
  #sheet = new KeySheet(SHEET.map(([keys, does]) => ({ keys, does })));
  #on = document.getElementById("single-keys");
  #act;

  /** `act(name, value)` does what a key says. */
  constructor(act) {
    this.#act = act;
    this.#on.checked = recall(SETTING) !== "off";
    this.#on.addEventListener("change", () => remember(SETTING, this.#on.checked ? "on" : "off"));
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  open() {
    this.#sheet.open();
  }

  #pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const [act, value] = this.#meant(event);
    if (!act) return;
    event.preventDefault();
    // A key that is held down confirms one group, not all of them.
    if (!event.repeat || MAY_REPEAT.includes(act)) this.#act(act, value);
  }

  #meant(event) {
    if (writes(event.target)) return [event.key === "Escape" && "back"];
    if (event.key === "?" || (event.shiftKey && event.code === "Slash")) return ["keys"];
    if (!this.#on.checked) return [];
    if (event.shiftKey) return digitOf(event) ? ["rankAndFacets", digitOf(event) - 1] : [];
    if (event.key === "Enter" && event.target.closest("button, a, summary")) return [];
    const digit = digitOf(event);
    return digit ? ["rank", digit - 1] : [ACTS[event.code]];
  }
}
