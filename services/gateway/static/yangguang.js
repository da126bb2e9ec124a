// Progressive enhancement only: every page works without this file.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const say = (text) => {
    const live = document.getElementById("live");
    if (live) live.textContent = text;
  };
  root.classList.add("js");

  // Text size, background and elderly mode, without a reload. The server reads the same cookies.
  const remember = (name, value) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `yg_${name}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
  };
  const show = (name, value) => {
    if (name === "elder") root.toggleAttribute("data-elder", value === "1");
    else root.setAttribute(`data-${name}`, value);
    for (const button of all(`.switches button[name="${name}"]`)) {
      if (name === "elder") {
        button.setAttribute("aria-pressed", String(value === "1"));
        button.value = value === "1" ? "0" : "1";
      } else {
        button.setAttribute("aria-pressed", String(button.value === value));
      }
    }
  };
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.target.matches(".switches") || !button || !button.name) return;
    event.preventDefault();
    const { name, value } = button;
    remember(name, value);
    show(name, value);
    say(`已切换：${button.dataset.say || button.textContent.trim()}`);
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(".prefs[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    const open = document.querySelector(".prefs[open]");
    if (open && !open.contains(event.target)) open.open = false;
  });

  // Search suggestions through the browser's own datalist, so that keyboard and screen readers just work.
  for (const input of all("input[data-suggest]")) {
    const list = document.getElementById(input.getAttribute("list"));
    if (!list) continue;
    let timer;
    let latest = 0;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      const words = input.value.trim();
      if (!words) { list.replaceChildren(); return; }
      timer = setTimeout(async () => {
        const turn = ++latest;
        try {
          const address = new URL(input.dataset.suggest, location.href);
          address.searchParams.set("q", words);
          const answer = await fetch(address, { headers: { accept: "application/json" } });
          if (!answer.ok || turn !== latest) return;
          const { items = [] } = await answer.json();
          list.replaceChildren(...items.map((item) => {
            const option = document.createElement("option");
            option.value = typeof item === "string" ? item : item.text;
            return option;
          }));
        } catch { /* suggestions are a courtesy: searching goes on without them */ }
      }, 150);
    });
  }

  // Receipts that fill while the clerk looks. The server sends the panel as it would render it.
  for (const panel of all("[data-live]")) {
    const source = new EventSource(panel.dataset.live);
    let state = panel.dataset.state;
    source.addEventListener("receipt", (event) => {
      const next = new DOMParser().parseFromString(event.data, "text/html").querySelector("[data-receipt]");
      if (!next) return;
      panel.replaceChildren(...next.childNodes);
      if (next.dataset.state !== state) {
        state = next.dataset.state;
        say(`回执更新：${state}`);
      }
    });
    source.addEventListener("end", () => source.close());
    addEventListener("pagehide", () => source.close());
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (!button) return;
    if (button.hasAttribute("data-print")) { print(); return; }
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say("已复制");
      const label = button.querySelector("span") || button;
      const before = label.textContent;
      label.textContent = "已复制";
      setTimeout(() => { label.textContent = before; }, 2000);
    } catch {
      say("浏览器不允许复制，请手动选取");
    }
  });

  // After a refusal the list of what is wrong is where the reader goes on.
  document.querySelector(".errors")?.focus();

  // One press is one command; a question is asked before what cannot be undone.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.dataset.ask && !confirm(form.dataset.ask)) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));
})();
