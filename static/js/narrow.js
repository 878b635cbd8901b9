/* Long lists of boxes to tick get a field that narrows them down as one types, and a count of what is ticked. Works without it. */
"use strict";

const MANY = 8;

const narrowed = (boxes) => {
    const rows = boxes.map((box) => ({ box, row: box.closest(".form-check"), words: box.closest(".form-check").textContent.trim().toLowerCase() }));
    const field = document.createElement("input");
    const told = document.createElement("p");
    field.type = "search";
    field.className = "form-control mb-2";
    field.placeholder = dafu.word("narrow");
    field.setAttribute("aria-label", dafu.word("narrow"));
    told.className = "sub";
    told.setAttribute("role", "status");
    const show = () => {
        const asked = field.value.trim().toLowerCase();
        rows.forEach(({ box, row, words }) => { row.hidden = !words.includes(asked) && !box.checked; });
        told.textContent = dafu.word("narrowed", {
            n: rows.filter(({ box }) => box.checked).length,
            total: rows.filter(({ row }) => !row.hidden).length,
        });
    };
    field.addEventListener("input", show);
    // Enter looks for nothing else: the form is sent by its button.
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    rows.forEach(({ box }) => box.addEventListener("change", show));
    rows[0].row.before(field, told);
    show();
};

const lists = new Map();
document.querySelectorAll("input[type=checkbox][data-narrow]").forEach((box) => {
    lists.set(box.name, [...(lists.get(box.name) || []), box]);
});
lists.forEach((boxes) => { if (boxes.length > MANY) narrowed(boxes); });
