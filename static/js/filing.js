/* Help while a proposal is written: titles alike are looked up while one types, advice is made anew after each save,
   a Word file may be dropped anywhere on its card. Without it the saved page shows the same. */
"use strict";

const TYPED_MS = 400;

async function fragment(url, signal) {
    const answer = await fetch(url, {
        credentials: "same-origin", redirect: "manual", signal, headers: { "X-Requested-With": "fetch" },
    });
    if (!answer.ok) throw new Error(answer.status);
    return answer.text();
}

/* ---- titles alike ---- */

class Similar {
    constructor(place) {
        this.place = place;
        this.title = document.getElementById(place.dataset.of);
        this.asked = this.title.value.trim();
        this.title.addEventListener("input", (event) => { if (!event.isComposing) this.later(); });
        this.title.addEventListener("compositionend", () => this.later());
    }

    later() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.look(), TYPED_MS);
    }

    async look() {
        const title = this.title.value.trim();
        if (title === this.asked) return;
        this.asked = title;
        if (this.waiting) this.waiting.abort();
        this.waiting = new AbortController();
        try {
            const found = await fragment(`${this.place.dataset.similar}?${new URLSearchParams({ title })}`, this.waiting.signal);
            if (title === this.asked) this.place.innerHTML = found;
        } catch (error) {
            // Only help: what was shown stays.
        }
    }
}

document.querySelectorAll("[data-similar]").forEach((place) => new Similar(place));

/* ---- advice ---- */

const advice = document.querySelector("[data-advice]");
if (advice) {
    document.addEventListener("dafu:saved", () => {
        fragment(advice.dataset.advice).then((html) => {
            if (!advice.contains(document.activeElement)) advice.innerHTML = html;
        }).catch(() => {});
    });
    advice.addEventListener("click", (event) => {
        const link = event.target.closest("a[href^='#']");
        const place = link && document.getElementById(link.hash.slice(1));
        if (!place) return;
        event.preventDefault();
        const field = place.matches("input, textarea, select") ? place : place.querySelector("input, textarea, select");
        (field || place).scrollIntoView({ block: "center" });
        if (field) field.focus({ preventScroll: true });
    });
}

/* ---- a Word file dropped on its card ---- */

const card = document.getElementById("word");
if (card) {
    const field = card.querySelector("input[type=file]");
    const over = (is) => field.classList.toggle("over", is);
    card.addEventListener("dragover", (event) => { event.preventDefault(); card.open = true; over(true); });
    card.addEventListener("dragleave", () => over(false));
    card.addEventListener("drop", (event) => {
        event.preventDefault();
        over(false);
        if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
    });
}
