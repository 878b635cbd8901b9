/* What every page has: words, keys, one question before a grave act, no double sending, focus on faults, menus.
   Drafts are in autosave.js, pasting in paste.js, the letter's pages in preview.js. Every page works without it. */
"use strict";

const dafu = (() => {
    const words = document.getElementById("words").content;
    const plural = new Intl.PluralRules(document.documentElement.lang || "en");

    function word(name, values = {}) {
        const form = "n" in values ? `[data-form="${plural.select(values.n)}"]` : "";
        const found = words.querySelector(`[data-word="${name}"]${form}`) || words.querySelector(`[data-word="${name}"]`);
        return found.textContent.trim().replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
    }

    function button(name, act) {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = word(name);
        made.addEventListener("click", act);
        return made;
    }

    /* A field's form may have been signed in again in another tab: its key is then the one of a fresh page. */
    async function freshToken() {
        const answer = await fetch(location.href, { credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const token = page.querySelector("input[name=csrfmiddlewaretoken]");
        if (!token) return;
        document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token.value; });
    }

    return { word, button, freshToken };
})();

/* ---- one question before an act that cannot be undone; no second sending ---- */

function questionOf(form, submitter) {
    return (submitter && submitter.dataset.confirm) || form.dataset.confirm;
}

function ask(form, submitter, question) {
    const dialog = document.getElementById("confirm-act");
    const yes = dialog.querySelector("[data-confirm-yes]");
    dialog.querySelector("[data-confirm-text]").textContent = question;
    yes.textContent = submitter ? submitter.textContent.trim() : dafu.word("yes");
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
        if (dialog.returnValue !== "yes") return;
        form.dataset.confirmed = "yes";
        form.requestSubmit(submitter || undefined);
    }, { once: true });
    dialog.showModal();
}

function guard(form, submitter) {
    form.dataset.sent = "yes";
    // Only after the browser has gathered the fields: a disabled button would not send its own value.
    setTimeout(() => { if (submitter) submitter.disabled = true; }, 0);
}

document.addEventListener("submit", (event) => {
    const form = event.target;
    const submitter = event.submitter;
    if (event.defaultPrevented || form.method !== "post") return;
    // An answer in a tab of its own, such as a look at the pages: this page stays, and may be sent afterwards.
    if (submitter && submitter.formTarget === "_blank") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    const question = questionOf(form, submitter);
    // What is wrong in a field the server tells; nobody is asked about an act that cannot happen.
    if (question && !form.dataset.confirmed && window.HTMLDialogElement && form.checkValidity()) {
        event.preventDefault();
        ask(form, submitter, question);
        return;
    }
    delete form.dataset.confirmed;
    if ("signOut" in form.dataset) sessionStorage.clear();
    guard(form, submitter);
});

window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => {
        delete form.dataset.sent;
        form.querySelectorAll("button:disabled").forEach((button) => { button.disabled = false; });
    });
});

/* ---- faults: to the summary, and from it into the field ---- */

const summary = document.querySelector("[data-error-summary]");
if (summary) {
    summary.focus();
    summary.addEventListener("click", (event) => {
        const link = event.target.closest("a[href^='#']");
        const place = link && document.getElementById(link.hash.slice(1));
        if (!place) return;
        event.preventDefault();
        const field = place.matches("input, textarea, select") ? place : place.querySelector("input, textarea, select");
        (field || place).scrollIntoView({ block: "center" });
        if (field) field.focus({ preventScroll: true });
    });
}

/* ---- menus close on Esc and on a click elsewhere ---- */

document.addEventListener("click", (event) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
        if (!menu.contains(event.target)) menu.open = false;
    });
});

/* ---- keys ---- */

function isTyping(target) {
    return target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}

function mainAct(target) {
    const form = target.closest("main form");
    const scope = (form && form.querySelector("[data-main-act]")) || document.querySelector("main [data-main-act]");
    return scope || (form && form.querySelector("button.btn-primary:not([type=button])"))
        || document.querySelector("main .act-bar .btn-primary");
}

function saveForm(target) {
    return target.closest("form[data-save], form[data-autosave]")
        || document.querySelector("form[data-save], form[data-autosave]");
}

function save(form) {
    if (form.dataset.autosave) form.dispatchEvent(new CustomEvent("dafu:save"));
    else form.requestSubmit(form.querySelector("[data-save-act]") || undefined);
}

function closeMenus() {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
    });
}

function withControl(event) {
    if (event.key === "Enter") {
        const act = mainAct(event.target);
        if (act) { event.preventDefault(); act.click(); }
    } else if (event.key.toLowerCase() === "s") {
        const form = saveForm(event.target);
        if (form) { event.preventDefault(); save(form); }
    }
}

document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") closeMenus();
    if ((event.ctrlKey || event.metaKey) && !event.altKey) { withControl(event); return; }
    if (event.altKey || isTyping(event.target)) return;
    const search = document.getElementById("search");
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); search.select(); }
    if (event.key === "?" && window.HTMLDialogElement) document.getElementById("shortcuts").showModal();
});

/* ---- the act bar takes the place of the bottom bar on a phone ---- */

if (document.querySelector(".act-bar")) document.body.classList.add("has-act-bar");

/* ---- pages of the letter, enlarged ---- */

const zoom = document.getElementById("page-zoom");
let zoomed = null;

function showPage(link) {
    const all = Array.from(link.closest(".pages").querySelectorAll("a[data-page]"));
    const place = all.indexOf(link);
    const image = zoom.querySelector("[data-zoom-image]");
    zoomed = { all, place };
    image.src = link.href;
    image.alt = link.querySelector("img").alt;
    zoom.querySelector("[data-zoom-place]").textContent = dafu.word("page-of", { n: place + 1, total: all.length });
    zoom.querySelector("[data-zoom=previous]").disabled = place === 0;
    zoom.querySelector("[data-zoom=next]").disabled = place === all.length - 1;
    const sheet = zoom.querySelector(".zoom-sheet");
    sheet.scrollTop = 0;
    if (zoom.open && document.activeElement.disabled) sheet.focus();
}

function turnPage(step) {
    const link = zoomed && zoomed.all[zoomed.place + step];
    if (link) showPage(link);
}

document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-page]");
    if (!link || !window.HTMLDialogElement || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showPage(link);
    zoom.showModal();
    zoom.querySelector(".zoom-sheet").focus();
});

zoom.addEventListener("click", (event) => {
    const act = event.target.dataset.zoom;
    if (event.target === zoom || act === "close") zoom.close();
    if (act === "previous") turnPage(-1);
    if (act === "next") turnPage(1);
});

zoom.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" || event.key === "PageUp") turnPage(-1);
    if (event.key === "ArrowRight" || event.key === "PageDown") turnPage(1);
});
