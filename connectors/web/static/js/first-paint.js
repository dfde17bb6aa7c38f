// A classic script on purpose: it runs before the first paint, so the page never jumps in size.
(() => {
  try {
    const size = localStorage.getItem("yibao.type-size");
    if (size) document.documentElement.dataset.typeSize = size;
  } catch {
    // Storage is blocked: the standard size stays.
  }
})();
