/* Drafts: form[data-autosave="URL"] is sent by itself and nothing typed is lost, whatever the server or the line does.
   The server answers {saved_at, version} or, with 401 or 409 or 4xx, {message}. A copy stays in this tab until it is saved. */
"use strict";

const QUIET_MS = 1500;
const RETRY_MS = [3000, 6000, 12000, 30000];
const LONGEST_WAIT_MS = 8000;
const PREFIX = `dafu:${document.body.dataset.user}:`;

class Draft {
    constructor(form) {
        this.form = form;
        this.status = form.querySelector("[data-save-status]") || document.querySelector("[data-save-status]");
        this.key = PREFIX + form.dataset.autosave;
        this.state = "saved"; // saved, unsaved, sending, again, refused, conflict, signed-out
        this.changes = 0;
        this.failures = 0;
        this.offerCopy();
        form.addEventListener("input", () => this.changed());
        form.addEventListener("change", () => this.changed());
        form.addEventListener("focusout", () => this.saveIfUnsaved());
        form.addEventListener("dafu:save", () => this.send());
        form.addEventListener("submit", (event) => this.finishSaving(event));
        // On the document, after dafu.js has had the chance to ask first.
        document.addEventListener("submit", (event) => {
            if (event.target === form && !event.defaultPrevented) this.leaving();
        });
        window.addEventListener("pageshow", () => { this.left = false; });
        document.addEventListener("visibilitychange", () => this.saveIfUnsaved());
        window.addEventListener("focus", () => { if (this.state === "signed-out") this.send(); });
        window.addEventListener("online", () => { if (this.state === "again") this.send(); });
        window.addEventListener("beforeunload", (event) => this.warn(event));
    }

    fields() {
        const data = new FormData(this.form);
        Array.from(data.entries()).forEach(([name, value]) => { if (typeof value !== "string") data.delete(name); });
        return data;
    }

    /* What a person entered: hidden fields are the machine's. */
    text() {
        const hidden = new Set(Array.from(this.form.querySelectorAll("input[type=hidden]"), (field) => field.name));
        return Array.from(this.fields().entries()).filter(([name]) => !hidden.has(name));
    }

    version() {
        const field = this.form.querySelector("[name=version_seen]");
        return field ? field.value : "";
    }

    changed() {
        this.changes += 1;
        this.keepCopy();
        clearTimeout(this.timer);
        if (this.state === "conflict") return;
        if (this.state === "saved" || this.state === "refused") this.say("unsaved", dafu.word("unsaved"));
        this.timer = setTimeout(() => this.saveIfUnsaved(), QUIET_MS);
    }

    saveIfUnsaved() {
        if (["unsaved", "again", "signed-out"].includes(this.state)) this.send();
    }

    async send() {
        if (this.sending || this.left) return;
        clearTimeout(this.timer);
        const upTo = this.changes;
        this.say("sending", dafu.word("saving"), this.loud());
        this.sending = this.post().then((answer) => this.take(answer, upTo)).catch(() => this.retry());
        await this.sending;
        this.sending = null;
    }

    async post() {
        const answer = await this.postOnce();
        if (answer.status !== 403) return answer;
        await dafu.freshToken();
        return this.postOnce();
    }

    postOnce() {
        const token = this.form.querySelector("[name=csrfmiddlewaretoken]");
        return fetch(this.form.dataset.autosave, {
            method: "POST",
            body: this.fields(),
            credentials: "same-origin",
            redirect: "manual",
            headers: { "X-CSRFToken": token ? token.value : "", "X-Requested-With": "fetch", Accept: "application/json" },
        });
    }

    async take(answer, upTo) {
        if (answer.type === "opaqueredirect" || answer.status === 401) {
            this.signedOut(answer.status === 401 ? await answer.json() : {});
        } else if (answer.ok) {
            this.saved(await answer.json(), upTo);
        } else if (answer.status >= 500 || answer.status === 429) {
            this.retry();
        } else {
            const told = await answer.json().catch(() => ({}));
            this.say(answer.status === 409 ? "conflict" : "refused", told.message || dafu.word("refused"), true);
        }
    }

    saved(answer, upTo) {
        const seen = this.form.querySelector("[name=version_seen]");
        if (seen && answer.version !== undefined) seen.value = answer.version;
        this.failures = 0;
        this.say("saved", dafu.word("saved", { time: answer.saved_at }));
        if (this.changes === upTo) sessionStorage.removeItem(this.key);
        else { this.keepCopy(); this.changedWhileSending(); }
        this.form.dispatchEvent(new CustomEvent("dafu:saved", { bubbles: true, detail: answer }));
    }

    changedWhileSending() {
        this.state = "unsaved";
        this.timer = setTimeout(() => this.saveIfUnsaved(), QUIET_MS);
    }

    retry() {
        const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
        this.failures += 1;
        this.say("again", dafu.word("again"), true);
        this.timer = setTimeout(() => this.send(), wait);
    }

    signedOut(answer) {
        const link = document.createElement("a");
        link.href = answer.sign_in || this.form.dataset.autosave;
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = dafu.word("sign-in");
        this.say("signed-out", dafu.word("signed-out"), true, [link]);
    }

    /* A warning that is already in sight stays while the next attempt runs. */
    loud() {
        return this.status !== null && this.status.classList.contains("is-alert");
    }

    say(state, text, loud = false, more = []) {
        this.state = state;
        if (!this.status || (loud && state === "sending")) return;
        const line = document.createElement("span");
        if (loud) line.setAttribute("role", "alert");
        line.textContent = text;
        this.status.classList.toggle("is-alert", loud);
        this.status.classList.toggle("is-waiting", state === "unsaved" || state === "sending");
        this.status.textContent = "";
        this.status.append(line);
        more.forEach((part) => this.status.append(" ", part));
    }

    /* ---- the copy in this tab ---- */

    keepCopy(leaving = false) {
        const at = new Date().toTimeString().slice(0, 5);
        const copy = { text: this.text(), version: this.version(), page: location.pathname, at, leaving };
        try {
            sessionStorage.setItem(this.key, JSON.stringify(copy));
        } catch (error) {
            // The tab's store is full or closed: the text still stands in the form.
        }
    }

    offerCopy() {
        const copy = JSON.parse(sessionStorage.getItem(this.key) || "null");
        const arrived = copy && copy.leaving && copy.version !== this.version();
        if (!copy || arrived || JSON.stringify(copy.text) === JSON.stringify(this.text())) {
            sessionStorage.removeItem(this.key);
            return;
        }
        this.say("saved", dafu.word("found", { time: copy.at }), true, [
            dafu.button("put-back", () => this.putBack(copy)),
            dafu.button("drop", () => { sessionStorage.removeItem(this.key); this.say("saved", ""); }),
        ]);
    }

    putBack(copy) {
        const values = new Map();
        copy.text.forEach(([name, value]) => values.set(name, [...(values.get(name) || []), value]));
        this.form.dispatchEvent(new CustomEvent("dafu:put-back", { detail: values }));
        Array.from(this.form.elements).forEach((field) => {
            if (!field.name || ["hidden", "file", "submit"].includes(field.type)) return;
            const kept = values.get(field.name) || [];
            if (["checkbox", "radio"].includes(field.type)) field.checked = kept.includes(field.value);
            else if (kept.length) field.value = kept.shift();
        });
        this.say("saved", "");
        this.changed();
    }

    /* ---- leaving the page ---- */

    /* A save still under way would make the version that the form carries an old one: wait for its answer. */
    finishSaving(event) {
        if (!this.sending) return;
        event.preventDefault();
        const submitter = event.submitter || undefined;
        const limit = new Promise((resolve) => { setTimeout(resolve, LONGEST_WAIT_MS); });
        Promise.race([this.sending, limit]).then(() => {
            this.sending = null;
            this.form.requestSubmit(submitter);
        });
    }

    leaving() {
        this.left = true;
        clearTimeout(this.timer);
        if (this.state !== "saved") this.keepCopy(true);
    }

    warn(event) {
        if (this.left || this.state === "saved") return;
        event.preventDefault();
        event.returnValue = "";
    }
}

/* A form that was sent and led to another page has arrived: its copy is not needed. Pages that refuse say so. */
function dropArrived(drafts) {
    if (!document.body.dataset.user || document.querySelector("[data-refused]")) return;
    const here = drafts.map((draft) => draft.key);
    Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX) && !here.includes(key)).forEach((key) => {
        const copy = JSON.parse(sessionStorage.getItem(key));
        if (copy.leaving && copy.page !== location.pathname) sessionStorage.removeItem(key);
    });
}

dropArrived(Array.from(document.querySelectorAll("form[data-autosave]"), (form) => new Draft(form)));
