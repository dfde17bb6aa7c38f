// Where the person is insured and what it is about: by this the guide and its item are found.

import { element, part } from "/static/js/dom.js";

export class Matter {
  #root;
  #desk;
  #edit;
  #choices = null;
  #panel = null;

  /** `edit({ place | family | item })` resolves once the server has taken it. */
  constructor(root, desk, edit) {
    this.#root = root;
    this.#desk = desk;
    this.#edit = edit;
    this.#wire();
  }

  show(panel, anew) {
    this.#panel = panel;
    if (anew) this.#tell("");
    const place = part(this.#root, "place");
    if (anew || document.activeElement !== place) place.value = panel.place ?? "";
    part(this.#root, "guide").textContent = panel.region
      ? `《${panel.region.guide.replace(/^《|》$/g, "")}》`
      : panel.place ? "这个地方没有收录的办事指南" : "还不知道在哪里参保";
    part(this.#root, "who-box").hidden = !panel.asks_for;
    part(this.#root, "who").textContent = panel.asks_for ?? "";
    this.#days(panel.days);
    this.#also(panel);
    this.#fillMatters();
    if (!this.#choices) this.#load();
  }

  async #load() {
    this.#choices = {};
    try {
      this.#choices = await this.#desk.api("GET", "/desk/api/matters");
    } catch (error) {
      this.#choices = null;
      console.error("matters not loaded", error);
      return;
    }
    const places = (this.#choices.places ?? []).map((place) => {
      const option = document.createElement("option");
      option.value = place;
      return option;
    });
    part(this.#root, "places").replaceChildren(...places);
    this.#fillMatters();
  }

  #fillMatters() {
    const { family, family_name: familyName, item, item_name: itemName } = this.#panel.matter;
    const families = this.#choices?.families ?? [];
    fill(part(this.#root, "family"), families, family, familyName, "还不知道");
    const known = families.find(({ id }) => id === family)?.items ?? {};
    const items = known[this.#panel.region?.id ?? ""] ?? [];
    const field = part(this.#root, "item");
    fill(field, items, item, itemName, "按情况定");
    part(this.#root, "item-box").hidden = !family;
  }

  #days(days) {
    const list = part(this.#root, "days");
    list.hidden = !days.length;
    list.replaceChildren(...days.map(({ name, value, until }) => {
      const span = until && until !== value ? `${value}～${until}` : value;
      return element("li", "", `${name}：${span}`);
    }));
  }

  /** What else was asked about, and what it might be instead: one press goes over to it. */
  #also({ also, outcome }) {
    const others = [
      ...also.map(({ name, family, item }) => ({ name: `另问：${name}`, edits: { family, item } })),
      ...outcome.instead.map(({ title, item }) => ({ name: title, edits: { item } })),
    ];
    part(this.#root, "also").hidden = !others.length;
    part(this.#root, "also").replaceChildren(...others.map(({ name, edits }) => {
      const button = element("button", "clause-link", name);
      button.type = "button";
      button.addEventListener("click", () => this.#save(edits));
      const line = element("li");
      line.append(button);
      return line;
    }));
  }

  #wire() {
    const place = part(this.#root, "place");
    place.addEventListener("change", () => {
      if (place.value.trim() !== (this.#panel.place ?? "")) this.#save({ place: place.value.trim() });
    });
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      place.value = this.#panel.place ?? "";
    });
    for (const name of ["family", "item"]) {
      const field = part(this.#root, name);
      field.addEventListener("change", () => this.#save({ [name]: field.value }));
    }
  }

  async #save(edits) {
    this.#tell("");
    try {
      await this.#edit(edits);
    } catch (error) {
      this.#tell(error.message);
      part(this.#root, "place").value = this.#panel.place ?? "";
      this.#fillMatters();
    }
  }

  #tell(text) {
    const line = part(this.#root, "trouble");
    line.textContent = text;
    line.hidden = !text;
  }
}

/** Fill a select, `open` first, for none; what is chosen stands in it even where the list does not have it. */
function fill(field, choices, chosen, name, open) {
  const known = choices.some(({ id }) => id === chosen);
  const all = [{ id: "", name: open }, ...choices];
  if (chosen && !known) all.push({ id: chosen, name: name || chosen });
  const says = JSON.stringify(all);
  if (field.dataset.says !== says) {
    field.dataset.says = says;
    field.replaceChildren(...all.map(({ id, name: label }) => {
      const option = element("option", "", label);
      option.value = id;
      return option;
    }));
  }
  field.value = chosen ?? "";
}
