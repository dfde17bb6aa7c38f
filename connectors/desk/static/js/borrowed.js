// Symbols, card templates and the clause dialog of the citizen's page: an agent sees the same card
// as the citizen, and there is one place to change it.

const PAGE = "/static/index.html";
const WANTED = ".symbols, template[id], dialog#clause";

/** Put them into this page; without them cards are shown as text. */
export async function borrow() {
  try {
    const response = await fetch(PAGE);
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const node of page.querySelectorAll(WANTED)) {
      document.body.append(document.adoptNode(node));
    }
  } catch (error) {
    console.error("cards not borrowed", error);
  }
}
