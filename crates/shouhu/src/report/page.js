// Language, theme and read-outs. The page says everything without this script, in its first language.
"use strict";
(() => {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.hash.slice(1));
  const spoken = navigator.languages && navigator.languages.length ? navigator.languages : [navigator.language || "en"];
  // Tag and value of `lang` of each language of this page: `zh zh-CN`.
  const languages = root.dataset.languages.split(",").map(one => one.split(" "));
  const known = wanted => {
    const tag = wanted.toLowerCase().replace(/^zh-(tw|hk|mo)\b/, "zh-hant");
    const found = languages.find(one => tag === one[0].toLowerCase() || tag.startsWith("zh-hant") && one[0] === "zh-Hant")
      || languages.find(one => one[0] === tag.split("-")[0]);
    return found ? found[0] : "";
  };
  let lang = known(asked.get("lang") || "") || spoken.map(known).find(Boolean) || languages[0][0];
  let theme = ["light", "dark"].includes(asked.get("theme")) ? asked.get("theme") : "";
  const system = matchMedia("(prefers-color-scheme: dark)");

  const show = () => {
    root.lang = languages.find(one => one[0] === lang)[1];
    root.dataset.lang = lang;
    if (theme) root.dataset.theme = theme;
    const main = document.querySelector(`main[lang="${root.lang}"]`);
    if (main) document.title = main.dataset.title;
  };
  const keep = () => {
    const hash = "lang=" + lang + (theme ? "&theme=" + theme : "");
    try { history.replaceState(null, "", "#" + hash); } catch { location.hash = hash; }
    show();
  };
  root.classList.add("scripted");
  show();

  const node = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // A curve is its own table: its points, in units of the drawing.
  const points = path => {
    const found = [];
    let x = 0, y = 0;
    for (const [, step, a, b] of path.getAttribute("d").matchAll(/([MlL])(-?\d+) (-?\d+)/g)) {
      if (step === "L") break;
      x = step === "l" ? x + +a : +a;
      y = step === "l" ? y + +b : +b;
      found.push([x, y]);
    }
    return found;
  };
  const height = (curve, x) => {
    const next = curve.findIndex(point => point[0] >= x);
    if (next < 0 || (next === 0 && curve[0][0] > x)) return null;
    if (next === 0) return curve[0][1];
    const [a, b] = [curve[next - 1], curve[next]];
    return b[0] === a[0] ? b[1] : a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]);
  };
  const number = value => value < 9.95 ? String(Math.round(value * 10) / 10) : Math.round(value).toLocaleString("en");
  const clock = minutes => {
    const day = ((minutes % 1440) + 1440) % 1440;
    return String(Math.floor(day / 60)).padStart(2, "0") + ":" + String(Math.floor(day % 60)).padStart(2, "0");
  };

  const readable = plot => {
    const named = [...plot.querySelectorAll("use[data-name]")];
    if (!named.length) return;
    const picture = plot.querySelector("svg");
    const { x0, x1, y1, unit, opens } = plot.dataset;
    const out = node("div", "readout"), hair = node("i", "hair");
    out.setAttribute("role", "status");
    hair.hidden = out.hidden = true;
    plot.append(hair, out);
    plot.tabIndex = 0;
    let curves, place = 0;
    const tell = share => {
      place = Math.min(1, Math.max(0, share));
      curves ||= named.map(use => points(document.querySelector(use.getAttribute("href"))));
      const at = Math.round(+x0 + place * (x1 - x0));
      const minutes = document.querySelector("main[lang='" + root.lang + "']").dataset.minutes;
      out.replaceChildren(node("b", "", opens === undefined ? minutes.replace("{n}", at) : clock(at + +opens)));
      named.forEach((use, which) => {
        const y = height(curves[which], (at - x0) / (x1 - x0) * 2000);
        if (y === null) return;
        const line = node("span", use.getAttribute("class"));
        line.append(node("i", "key"), use.dataset.name + " ", node("b", "", number((1 - y / 2000) * y1) + (unit ? " " + unit : "")));
        out.append(line);
      });
      const box = picture.getBoundingClientRect(), frame = plot.getBoundingClientRect();
      const left = box.left - frame.left + box.width * (at - x0) / (x1 - x0);
      hair.style.left = left + "px";
      out.hidden = hair.hidden = false;
      out.style.left = "0";
      const beside = left + 12 + out.offsetWidth > frame.width ? left - 12 - out.offsetWidth : left + 12;
      out.style.left = Math.max(0, beside) + "px";
    };
    const hide = () => { out.hidden = hair.hidden = true; };
    const follow = event => {
      const box = picture.getBoundingClientRect();
      tell((event.clientX - box.left) / box.width);
    };
    plot.addEventListener("pointermove", follow);
    plot.addEventListener("pointerdown", follow);
    plot.addEventListener("pointerleave", hide);
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", event => {
      const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
      if (event.key === "Escape") hide();
      if (step === undefined) return;
      event.preventDefault();
      // Five minutes on a picture of the day, one on a picture of waits.
      const size = (opens === undefined ? 1 : 5) / (x1 - x0);
      tell(out.hidden && Number.isFinite(step) ? place : place + step * size);
    });
  };

  addEventListener("hashchange", () => {
    const now = new URLSearchParams(location.hash.slice(1));
    lang = known(now.get("lang") || "") || lang;
    theme = ["light", "dark"].includes(now.get("theme")) ? now.get("theme") : theme;
    show();
  });
  addEventListener("DOMContentLoaded", () => {
    show();
    document.querySelectorAll(".plot").forEach(readable);
    document.addEventListener("click", event => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.lang) {
        lang = button.dataset.lang;
        keep();
        document.querySelector(`main[lang="${root.lang}"] button[data-lang]`).focus();
      } else if (button.dataset.theme !== undefined) {
        theme = (theme || (system.matches ? "dark" : "light")) === "dark" ? "light" : "dark";
        keep();
      }
    });
    addEventListener("beforeprint", () => document.querySelectorAll(".readout, .hair").forEach(part => { part.hidden = true; }));
  });
})();
