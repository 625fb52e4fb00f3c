// A table wider than its column scrolls within itself; without a mouse that takes a place the keyboard can stop at.
(() => {
  const settle = () => {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
      const scrolls = box.scrollWidth > box.clientWidth;
      box.toggleAttribute("tabindex", scrolls);
      if (scrolls) box.tabIndex = 0;
    }
  };
  new MutationObserver(settle).observe(document.body, { childList: true, subtree: true });
  addEventListener("resize", settle);
  addEventListener("load", settle);
})();
