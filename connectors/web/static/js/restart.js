// Starting over throws the present answers away, so the page asks first.

/** Ask whether to start over and call `restart` if so. */
export function askRestart(restart) {
  const dialog = document.getElementById("confirm");
  dialog.returnValue = "cancel";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "restart") restart();
  }, { once: true });
  dialog.showModal();
}
