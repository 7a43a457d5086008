// The map of a city over the day. Levels and places come from Rust; this only draws them.
"use strict";
(() => {
  const day = JSON.parse(document.getElementById("city").textContent);
  const sites = day.sites.split(",").map(text => {
    const [x, y, runs] = text.split(" ");
    const levels = [...runs.matchAll(/([abc])(\d+)/g)].map(([, level, count]) => level.repeat(+count)).join("");
    return { x: +x, y: +y, levels };
  });
  const size = Math.max(2, Math.min(7, 160 / Math.sqrt(sites.length)));
  const clock = quarter => {
    const minutes = day.opens + 15 * (quarter + 1);
    const text = String(Math.floor(minutes / 60) % 24).padStart(2, "0") + ":" + String(minutes % 60).padStart(2, "0");
    return minutes < 1440 ? text : text + " +" + Math.floor(minutes / 1440);
  };
  const names = { a: "clear", b: "busy", c: "jammed" };

  document.querySelectorAll("figure.city").forEach(figure => {
    const canvas = figure.querySelector("canvas"), pen = canvas.getContext("2d");
    const slider = figure.querySelector("input"), button = figure.querySelector(".play");
    let playing = 0;
    const draw = () => {
      const quarter = +slider.value, counts = { a: 0, b: 0, c: 0 };
      const style = getComputedStyle(document.documentElement);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      // The worse, the later drawn: a jam is never hidden.
      for (const level of ["a", "b", "c"]) {
        pen.fillStyle = style.getPropertyValue("--" + names[level]).trim();
        pen.globalAlpha = level === "a" ? 0.55 : 1;
        const wide = level === "a" ? size : size * 1.6;
        pen.beginPath();
        for (const { x, y, levels } of sites) {
          if ((levels[quarter] || "a") !== level) continue;
          counts[level] += 1;
          if (level === "a") { pen.moveTo(x + wide / 2, y); pen.arc(x, y, wide / 2, 0, 7); }
          else if (level === "c") pen.rect(x - wide / 2, y - wide / 2, wide, wide);
          else { pen.moveTo(x, y - wide / 2); pen.lineTo(x + wide / 2, y + wide / 2); pen.lineTo(x - wide / 2, y + wide / 2); pen.closePath(); }
        }
        pen.fill();
        figure.querySelector("." + names[level] + " output").textContent = counts[level].toLocaleString("en");
      }
      figure.querySelector(".clock").textContent = clock(quarter);
      slider.setAttribute("aria-valuetext", clock(quarter));
    };
    const stop = () => {
      clearInterval(playing);
      playing = 0;
      button.textContent = figure.dataset.play;
    };
    slider.addEventListener("input", () => { stop(); draw(); });
    button.addEventListener("click", () => {
      if (playing) return stop();
      if (slider.value === slider.max) slider.value = 0;
      button.textContent = figure.dataset.stop;
      playing = setInterval(() => {
        slider.value = +slider.value + 1;
        draw();
        if (slider.value === slider.max) stop();
      }, 200);
    });
    new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    draw();
  });
})();
