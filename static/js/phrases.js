/* Phrases and paragraphs of earlier letters go into the draft as if typed: undo takes them out, and the draft saves itself.
   The places are those of the server (replies/phrase_text.py): an opening or thanks takes the place of the one there. */
"use strict";

(() => {
    const OPENING = "1";
    const THANKS = "4";
    const LETTER = "5";
    const GAP = "\u00d7\u00d7";
    const text = document.getElementById("id_body");
    const source = document.getElementById("phrase-facts");
    if (!text || !source) return;
    const facts = JSON.parse(source.textContent);
    const told = document.querySelector("[data-passage-told]");
    let wasThere = false; // whether a person has put the cursor somewhere

    text.addEventListener("focus", () => { wasThere = true; });

    const textOf = (row) => row.querySelector("[data-passage-text]").textContent;
    const group = (name) => Array.from(document.querySelectorAll(`[data-passage="${name}"]`), textOf);

    /* Where the last of these passages stands that has its lines for itself: [from, to], or nothing. */
    function lastOf(passages) {
        const around = `\n${text.value}\n`;
        const found = passages.filter((one) => one.trim() && around.includes(`\n${one}\n`))
            .map((one) => [around.lastIndexOf(`\n${one}\n`), around.lastIndexOf(`\n${one}\n`) + one.length]);
        found.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
        return found[0];
    }

    const OPENS = /\u6536\u6089|\u7b54\u590d\u5982\u4e0b/;
    const THANKING = /^(?:\u518d\u6b21|\u6700\u540e|\u8877\u5fc3|\u5728\u6b64|\uff0c)*\u611f\u8c22/;

    /* As the house words them, else a first or a last line that reads like one. */
    function openingNow() {
        const first = text.value.trim().split("\n")[0];
        return lastOf([facts.opening, ...group(OPENING)]) || (OPENS.test(first) ? lastOf([first]) : undefined);
    }

    function closingNow() {
        const last = text.value.trim().split("\n").pop();
        return lastOf([facts.closing, ...group(THANKS)]) || (THANKING.test(last) ? lastOf([last]) : undefined);
    }

    function hasAnswer() {
        const spans = [openingNow(), closingNow()].filter(Boolean).sort((a, b) => b[0] - a[0]);
        const rest = spans.reduce((left, [from, to]) => left.slice(0, from) + left.slice(to), text.value);
        return rest.trim() !== "";
    }

    function framed(passage) {
        const parts = [passage.includes(facts.opening) ? "" : facts.opening, passage];
        return [...parts, passage.includes(facts.closing) ? "" : facts.closing].filter((part) => part.trim()).join("\n");
    }

    /* A paragraph stands on lines of its own; a phrase inside a sentence stays there. */
    function onOwnLines(passage, from, to) {
        const before = from > 0 && text.value[from - 1] !== "\n" ? "\n" : "";
        const after = to < text.value.length && text.value[to] !== "\n" ? "\n" : "";
        return before + passage + after;
    }

    function placeOf(kind, passage) {
        const end = text.value.length;
        if (kind === LETTER) return [0, end, framed(passage)];
        if (kind === OPENING) {
            const there = openingNow() || [0, 0];
            return [...there, onOwnLines(passage, ...there)];
        }
        if (kind === THANKS) {
            const there = closingNow() || [end, end];
            return [...there, onOwnLines(passage, ...there)];
        }
        if (!wasThere) {
            const spot = (closingNow() || [end])[0];
            return [spot, spot, onOwnLines(passage, spot, spot)];
        }
        const [from, to] = [text.selectionStart, text.selectionEnd];
        const inline = kind !== "paragraph" && !passage.includes("\n");
        return [from, to, inline ? passage : onOwnLines(passage, from, to)];
    }

    function put(kind, passage) {
        const [from, to, whole] = placeOf(kind, passage);
        replaceRange(text, from, to, whole);
        // What is to be filled in first is marked, so that one types over it.
        const gap = whole.indexOf(GAP);
        if (gap >= 0) text.setSelectionRange(from + gap, from + gap + GAP.length);
        text.blur();
        text.focus(); // brings the cursor into sight
        told.textContent = "";
        setTimeout(() => { told.textContent = told.dataset.done; }, 50);
    }

    function askFirst(button, act) {
        const dialog = document.getElementById("confirm-act");
        dialog.querySelector("[data-confirm-text]").textContent = told.dataset.question;
        dialog.querySelector("[data-confirm-yes]").textContent = button.textContent.trim();
        dialog.returnValue = "";
        dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") act(); }, { once: true });
        dialog.showModal();
    }

    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-passage-put]");
        if (!button) return;
        const row = button.closest("[data-passage]");
        const kind = row.dataset.passage;
        const asks = kind === LETTER && hasAnswer();
        if (asks && !window.HTMLDialogElement) return; // the server asks
        event.preventDefault();
        const act = () => put(kind, textOf(row));
        if (asks) askFirst(button, act);
        else act();
    });

    /* ---- what is typed in these fields is no part of the draft ---- */

    function keepApart(field) {
        ["input", "change"].forEach((name) => field.addEventListener(name, (event) => event.stopPropagation()));
    }

    /* ---- finding ---- */

    const box = document.querySelector("[data-passage-find]");
    const find = box.querySelector("input");
    const found = box.querySelector("[data-passages-found]");
    box.hidden = false;

    find.addEventListener("input", () => {
        const asked = find.value.trim().toLowerCase().split(/\s+/);
        let shown = 0;
        document.querySelectorAll("[data-passage-group]").forEach((section) => {
            const rows = Array.from(section.querySelectorAll("[data-passage]"));
            rows.forEach((row) => {
                const words = `${section.querySelector("h3").textContent} ${row.textContent}`.toLowerCase();
                row.hidden = !asked.every((word) => words.includes(word));
            });
            const left = rows.filter((row) => !row.hidden).length;
            section.hidden = left === 0;
            shown += left;
        });
        found.textContent = shown ? "" : found.dataset.none;
    });
    find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    keepApart(find);

    /* ---- keeping the marked text: facts of the case become names in braces ---- */

    function withNames(passage) {
        const { title, session, bureau, place, you, number } = facts.names;
        let named = passage.replace(/[{}]/g, "");
        [["title", title], ["session", session], ["bureau", bureau], ["place", place], ["you", you]].forEach(([name, fact]) => {
            if (fact) named = named.split(fact).join(`{${name}}`);
        });
        return number ? named.split(`\u7b2c${number}\u53f7`).join("\u7b2c{number}\u53f7") : named;
    }

    const keep = document.querySelector("[data-keep-phrase]");
    const kept = keep.querySelector("textarea");
    const note = keep.querySelector("[data-keep-told]");
    keep.querySelectorAll("input, textarea, select").forEach(keepApart);
    keep.addEventListener("toggle", () => {
        const marked = text.value.slice(text.selectionStart, text.selectionEnd).trim();
        if (!keep.open) return;
        if (marked) kept.value = withNames(marked);
        note.textContent = kept.value ? "" : told.dataset.nothing;
    });
})();
