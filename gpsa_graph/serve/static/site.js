"use strict";
// Type-ahead on the search boxes, and Ctrl+Enter on the query. The pages work without.
(() => {
  const here = document.querySelector(".top nav [aria-current]");
  if (here) here.closest("nav").scrollLeft = here.offsetLeft - 60;
  for (const input of document.querySelectorAll('form[role="search"] input[name="q"]')) {
    const list = document.createElement("ul");
    list.className = "suggest";
    list.id = "suggest-" + Math.floor(performance.now()) + document.querySelectorAll(".suggest").length;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    input.form.append(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-autocomplete", "list");
    let timer = 0, asked = 0, at = -1;
    const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const mark = () => {
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
      if (at >= 0) { input.setAttribute("aria-activedescendant", list.children[at].id); list.children[at].scrollIntoView({block: "nearest"}); }
    };
    const show = (hits) => {
      list.replaceChildren(...hits.map((hit, i) => {
        const item = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("small");
        item.id = list.id + "-" + i;
        item.setAttribute("role", "option");
        link.href = hit.page;
        link.tabIndex = -1;
        link.textContent = hit.label;
        kind.textContent = hit.kind;
        link.append(kind);
        item.append(link);
        return item;
      }));
      at = -1;
      list.hidden = !hits.length;
      input.setAttribute("aria-expanded", String(hits.length > 0));
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      const text = input.value.trim(), mine = ++asked;
      if (text.length < 2) { close(); return; }
      timer = setTimeout(async () => {
        try {
          const answer = await fetch("/search.json?q=" + encodeURIComponent(text));
          const hits = answer.ok ? await answer.json() : [];
          if (mine === asked) show(hits);
        } catch { close(); }
      }, 120);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const n = list.children.length;
      if (event.key === "ArrowDown") { at = (at + 1) % n; mark(); event.preventDefault(); }
      else if (event.key === "ArrowUp") { at = (at + n - 1) % n; mark(); event.preventDefault(); }
      else if (event.key === "Enter" && at >= 0) { location.href = list.children[at].firstChild.href; event.preventDefault(); }
      else if (event.key === "Escape") { close(); event.preventDefault(); }
    });
    input.addEventListener("blur", () => setTimeout(close, 200));
  }
  const query = document.getElementById("query");
  if (query) query.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) query.form.requestSubmit();
  });
})();
