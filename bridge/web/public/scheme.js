// Before anything is painted: light or dark, as chosen here earlier or as the system has it.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("throughline-scheme");
  } catch (refused) {
    // Storage may be switched off: the system decides.
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
