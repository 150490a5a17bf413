"use strict";
(() => {
  const form = document.getElementById("filters");
  const cases = form ? [...document.querySelectorAll(".case")] : [];
  const suites = [...document.querySelectorAll(".suite")];
  const shown = document.getElementById("shown");
  const main = document.getElementById("main");
  // What a case says, without its evidence; read when it is first asked for.
  let texts;
  const textOf = (index) => {
    texts ??= cases.map((one) => one.querySelector(".what").textContent.toLowerCase());
    return texts[index];
  };
  const apply = () => {
    const picked = new Set([...form.querySelectorAll("[name=verdict]:checked")].map((box) => box.value));
    const severity = form.elements.severity.value;
    const suite = form.elements.suite.value;
    const text = form.elements.text.value.trim().toLowerCase();
    let count = 0;
    cases.forEach((one, index) => {
      const data = one.dataset;
      const fits = picked.has(data.v) && (!suite || data.s === suite)
        && (!severity || data.sev.split(" ").includes(severity))
        && (!text || textOf(index).includes(text));
      if (one.hidden === fits) one.hidden = !fits;
      if (fits) count += 1;
    });
    for (const section of suites) section.hidden = !section.querySelector(".case:not([hidden])");
    shown.textContent = `${count} of ${cases.length} shown`;
  };
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (form && target.closest("[hidden]")) {
      form.reset();
      // What is the same is not shown unless it is asked for.
      const verdict = target.closest(".case")?.dataset.v;
      const box = [...form.querySelectorAll("[name=verdict]")].find((one) => one.value === verdict);
      if (box) box.checked = true;
      apply();
    }
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };
  if (form) {
    let later;
    const soon = () => {
      clearTimeout(later);
      later = setTimeout(apply, 80);
    };
    form.hidden = false;
    form.addEventListener("change", apply);
    form.elements.text.addEventListener("input", soon);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }
  addEventListener("hashchange", reveal);
  reveal();
  // `/` goes to the search; n and p go from case to case.
  addEventListener("keydown", (event) => {
    if (!form || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "/") {
      event.preventDefault();
      form.elements.text.focus();
    } else if (event.key === "n" || event.key === "p") {
      const seen = cases.filter((one) => !one.hidden);
      const at = seen.findIndex((one) => one.contains(document.activeElement));
      const next = at < 0 ? (event.key === "n" ? 0 : seen.length - 1) : at + (event.key === "n" ? 1 : -1);
      seen[next]?.querySelector("h4 a").focus();
    }
  });
  // A button to copy stands beside each command once it is unfolded.
  addEventListener("toggle", (event) => {
    const fold = event.target;
    if (!fold.open || !fold.classList.contains("evidence") || fold.querySelector(".copy")) return;
    for (const line of fold.querySelectorAll(".curl")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.setAttribute("aria-label", `Copy the curl command of the ${line.closest(".side").classList.contains("old") ? "old" : "new"} side`);
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(line.textContent);
          button.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(line);
          button.textContent = "Selected";
        }
      });
      line.after(button);
    }
  }, true);
  main.dataset.ready = "";
})();
