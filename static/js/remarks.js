/* Remarks: marked words go into the form beside their paragraph; on the drafting desk a passage is found in the text.
   Works without it: every form and every address stands in the page. */
"use strict";

/* ---- mark some words, then remark on them ---- */

const remarked = document.querySelector("[data-remarks]");

/* The words that are marked now, when they lie within one paragraph. */
const markedWords = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed) return null;
    const element = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
    const paragraph = element(selection.anchorNode).closest("[data-paragraph]");
    if (!paragraph || element(selection.focusNode).closest("[data-paragraph]") !== paragraph) return null;
    const words = selection.toString().trim();
    return words && paragraph.textContent.includes(words) ? { paragraph, words } : null;
};

const resetForm = (box) => {
    const label = box.querySelector("[data-remark-label]");
    if (label && label.dataset.usual) label.textContent = label.dataset.usual;
    box.classList.remove("ready");
    delete box.dataset.words;
};

const offer = ({ paragraph, words }) => {
    const box = paragraph.parentElement.querySelector("[data-remark-new]");
    if (!box) return;
    remarked.querySelectorAll("[data-remark-new].ready").forEach((other) => { if (other !== box) resetForm(other); });
    const label = box.querySelector("[data-remark-label]");
    label.dataset.usual = label.dataset.usual || label.textContent;
    label.textContent = remarked.dataset.label;
    box.dataset.words = words;
    box.classList.add("ready");
    if (box.open) takeWords(box);
};

const takeWords = (box) => {
    if (box.dataset.words) box.querySelector("[data-remark-words]").value = box.dataset.words;
    resetForm(box);
};

if (remarked) {
    document.addEventListener("selectionchange", () => {
        const marked = markedWords();
        if (marked && remarked.contains(marked.paragraph)) offer(marked);
    });
    remarked.querySelectorAll("[data-remark-new]").forEach((box) => {
        box.addEventListener("toggle", () => {
            if (!box.open) return;
            takeWords(box);
            box.querySelector("textarea").focus();
        });
    });
}

/* ---- on the drafting desk: to the passage in the text ---- */

const goTo = (words) => {
    const text = document.getElementById("id_body");
    const at = text.value.indexOf(words);
    text.focus();
    if (at < 0) return;
    // Browsers scroll a text area to where the cursor is put, not to what is marked.
    text.setSelectionRange(at, at);
    text.blur();
    text.focus();
    text.setSelectionRange(at, at + words.length);
};

const showFinders = (root) => root.querySelectorAll("[data-find]").forEach((button) => { button.hidden = false; });

if (document.getElementById("id_body")) {
    showFinders(document);
    document.addEventListener("htmx:load", (event) => showFinders(event.target));
    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-find]");
        if (button) goTo(button.dataset.find);
    });
}

/* ---- a list that the browser kept while a reply was read shows what was opened since ---- */

if (document.querySelector("[data-fresh]")) {
    window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
}
