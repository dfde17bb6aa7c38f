// Dialogs of the staff's pages: the question before what cannot be taken back, and being signed out.

/** Ask before something that hurts; resolves to whether it is to be done. */
export function ask({ title, text, yes }) {
  const dialog = document.getElementById("confirm");
  document.getElementById("confirm-title").textContent = title;
  document.getElementById("confirm-text").textContent = text;
  document.getElementById("confirm-yes").textContent = yes;
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** Nothing goes on without signing in. */
export function showSignedOut() {
  const dialog = document.getElementById("signed-out");
  if (dialog.open) return;
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.showModal();
}
