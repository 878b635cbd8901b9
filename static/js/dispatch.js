/* Giving proposals to bureaus: hides what does not go with the chosen way; chooses all rows. Works without it. */
"use strict";

/* What is hidden is not sent either; what was ticked is there again when the way is changed back. */
const showOthers = (others, way) => {
    others.hidden = way === "sole";
    others.querySelectorAll("input").forEach((box) => { box.disabled = others.hidden; });
};

/* ---- one case ---- */

const others = document.getElementById("div_id_others");
const ways = document.querySelectorAll("input[name='way']");
if (others && ways.length) {
    const show = () => showOthers(others, document.querySelector("input[name='way']:checked")?.value);
    ways.forEach((way) => way.addEventListener("change", show));
    show();
}

/* ---- many ---- */

document.querySelectorAll("[data-way]").forEach((way) => {
    const box = way.closest("tr").querySelector("[data-others]");
    const show = () => {
        showOthers(box, way.value);
        if (way.value !== "sole") box.querySelector("details").open = true;
    };
    way.addEventListener("change", show);
    show();
});

document.querySelectorAll("[data-choose]").forEach((form) => {
    const boxes = () => Array.from(form.querySelectorAll("input[name='chosen']"));
    const all = form.querySelector("[data-choose-all]");
    const told = form.querySelector("[data-chosen]");
    if (!all) return;
    const count = () => {
        const words = form.querySelector("[data-chosen-words]").innerHTML;
        told.textContent = words.replace("{n}", boxes().filter((box) => box.checked).length);
    };
    all.hidden = false;
    all.addEventListener("click", () => {
        const rest = boxes().some((box) => !box.checked);
        boxes().forEach((box) => { box.checked = rest; });
        count();
    });
    form.addEventListener("change", count);
    count();
});
