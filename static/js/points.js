/* Answering point by point: shows the fields that go with a verdict, and offers the paragraphs as they stand. Works without it. */
"use strict";

const linesOf = (text) => text.value.split("\n").map((line) => line.trim()).filter(Boolean);

const showFields = (point) => {
    const verdict = point.querySelector("[data-verdict]").value;
    point.querySelectorAll("[data-goes-with]").forEach((field) => {
        field.hidden = !field.dataset.goesWith.split(" ").includes(verdict);
    });
    point.classList.toggle("answered", Boolean(verdict));
};

/* The chosen paragraph stays chosen; one that is gone stays in the list until another one is taken. */
const offerParagraphs = (select, text) => {
    const chosen = select.value;
    const lines = linesOf(text);
    const options = lines.map((line, n) => new Option(`${n + 1} ${line.slice(0, 28)}`, line, false, line === chosen));
    if (chosen && !lines.includes(chosen)) options.unshift(new Option(chosen.slice(0, 28), chosen, false, true));
    select.replaceChildren(new Option(select.dataset.nothing, ""), ...options);
};

document.querySelectorAll("[data-points]").forEach((box) => {
    const text = document.getElementById("id_body");
    box.querySelectorAll("[data-point]").forEach((point) => {
        const verdict = point.querySelector("[data-verdict]");
        const passage = point.querySelector("[data-passage]");
        verdict.addEventListener("change", () => showFields(point));
        if (text) passage.addEventListener("focus", () => offerParagraphs(passage, text));
        showFields(point);
    });
});
