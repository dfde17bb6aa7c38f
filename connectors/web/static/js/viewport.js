// Keeps the composer above the on-screen keyboard where the browser does not do so itself
// (Safari on iOS shrinks only the visual viewport).

/** Make the page as high as what is visible. */
export function followVisibleHeight() {
  const visible = window.visualViewport;
  if (!visible) return;
  const fit = () => {
    const covered = visible.scale === 1 && visible.height < window.innerHeight - 1;
    const { style } = document.documentElement;
    if (covered) style.setProperty("--visible-height", `${visible.height}px`);
    else style.removeProperty("--visible-height");
    if (covered) window.scrollTo(0, 0);
  };
  visible.addEventListener("resize", fit);
}
