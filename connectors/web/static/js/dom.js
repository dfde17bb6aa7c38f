// Building blocks for the page. Text only ever enters through textContent.

/** Return a fresh copy of the single root element of the template with this id. */
export function clone(templateId) {
  return document.getElementById(templateId).content.firstElementChild.cloneNode(true);
}

/** Return the element marked data-part="name" inside root. */
export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

/** Write text into a part; a part without text leaves the page. Returns the part or null. */
export function put(root, name, text) {
  const element = part(root, name);
  if (text) {
    element.textContent = text;
    return element;
  }
  element.remove();
  return null;
}

/** Return a new element with a class and, where given, text. */
export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

let counter = 0;

/** Give the element an id that is unique on the page and return it. */
export function identify(node) {
  counter += 1;
  node.id ||= `n${counter}`;
  return node.id;
}

/** Point a <use> part at one of the page's own symbols. */
export function icon(root, name, symbol) {
  part(root, name).setAttribute("href", `#i-${symbol}`);
}

/** Return a random id; crypto.randomUUID is missing where a page is not served over HTTPS. */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
