/* Drafts: form[data-autosave="URL"] is sent by itself and nothing typed is lost, whatever the server or the line does.
   The server answers {saved_at, version} or, with 401 or 409 or 4xx, {message}.

   A copy stays in this browser until the server has it: it outlives the tab and the session, is offered to the same
   person alone, and goes with a sign-out and after a week, because office machines are shared. */
"use strict";

const QUIET_MS = 1500;
const RETRY_MS = [3000, 6000, 12000, 30000];
const LONGEST_WAIT_MS = 8000; // whoever types without a pause is saved too
const NO_ANSWER_MS = 20000;
const KEPT_MS = 7 * 24 * 3600 * 1000;
const MOST_ON_CLOSING = 15000; // characters: browsers send 64 kB at most from a page that closes
const COPIES = "dafu:";
const OFFERED = "|offered";
const PREFIX = `${COPIES}${document.body.dataset.user}:`;

/* Copies of unsaved text. A browser that lends no store has none; the text still stands in the form. */
const copies = (() => {
    const guarded = (act, otherwise = null) => {
        try { return act(); } catch (error) { return otherwise; }
    };
    const keys = () => guarded(() => Object.keys(localStorage).filter((key) => key.startsWith(COPIES)), []);
    const read = (key) => guarded(() => JSON.parse(localStorage.getItem(key) || "null"));
    const drop = (key) => guarded(() => localStorage.removeItem(key));
    const write = (key, copy) => guarded(() => localStorage.setItem(key, JSON.stringify(copy)));
    const dropAll = () => keys().forEach(drop);
    const dropOld = () => keys().forEach((key) => {
        const copy = read(key);
        if (!copy || !(Date.now() - copy.stamp < KEPT_MS)) drop(key);
    });
    return { keys, read, drop, write, dropAll, dropOld };
})();

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
        if (this.state === "conflict" && !this.isTogether()) return;
        if (this.state === "saved" || this.state === "refused") this.say("unsaved", dafu.word("unsaved"));
        this.waitingSince = this.waitingSince || Date.now();
        const left = this.waitingSince + LONGEST_WAIT_MS - Date.now();
        this.timer = setTimeout(() => this.saveIfUnsaved(), Math.max(0, Math.min(QUIET_MS, left)));
    }

    saveIfUnsaved() {
        const isNew = this.state === "conflict" && this.isTogether() && this.changes !== this.sent;
        if (isNew || ["unsaved", "again", "signed-out"].includes(this.state)) this.send();
    }

    /* Where two may write: the server keeps beside the draft what came too late, and brings both together. */
    isTogether() {
        return "together" in this.form.dataset;
    }

    async send() {
        if (this.sending || this.left) return;
        clearTimeout(this.timer);
        const upTo = this.changes;
        this.sent = upTo;
        this.waitingSince = 0;
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
        const patience = new AbortController();
        setTimeout(() => patience.abort(), NO_ANSWER_MS);
        const isSmall = this.text().reduce((sum, [, value]) => sum + value.length, 0) < MOST_ON_CLOSING;
        return fetch(this.form.dataset.autosave, {
            method: "POST",
            body: this.fields(),
            credentials: "same-origin",
            redirect: "manual",
            keepalive: document.visibilityState === "hidden" && isSmall,
            signal: patience.signal,
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
            const state = answer.status === 409 ? "conflict" : "refused";
            this.say(state, told.message || dafu.word("refused"), true, this.wayOut(state));
        }
    }

    wayOut(state) {
        const act = this.form.querySelector("[data-save-act]");
        if (state !== "conflict" || !act || !this.isTogether()) return [];
        return [dafu.button("bring-together", () => this.form.requestSubmit(act))];
    }

    saved(answer, upTo) {
        const seen = this.form.querySelector("[name=version_seen]");
        if (seen && answer.version !== undefined) seen.value = answer.version;
        this.failures = 0;
        this.say("saved", dafu.word("saved", { time: answer.saved_at }));
        if (this.changes === upTo) copies.drop(this.key);
        else { this.keepCopy(); this.changedWhileSending(); }
        this.form.dispatchEvent(new CustomEvent("dafu:saved", { bubbles: true, detail: answer }));
    }

    changedWhileSending() {
        this.state = this.form.dataset.saveState = "unsaved";
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
        this.form.dataset.saveState = state;
        const isSaidAlready = loud && this.loud() && this.status.firstChild.textContent === text;
        if (isSaidAlready) return;
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

    /* ---- the copy in this browser ---- */

    keepCopy(leaving = false) {
        const facts = { page: location.pathname, stamp: Date.now(), leaving };
        copies.write(this.key, { text: this.text(), version: this.version(), ...facts });
    }

    /* What was left unsaved stays on offer until it is put back or dropped, whatever is typed meanwhile. */
    offerCopy() {
        const copy = copies.read(this.key);
        copies.drop(this.key);
        if (this.isMissing(copy)) copies.write(this.key + OFFERED, copy);
        const offered = copies.read(this.key + OFFERED);
        if (!this.isMissing(offered)) { copies.drop(this.key + OFFERED); return; }
        this.say("saved", dafu.word("found", { time: timeOf(offered.stamp) }), true, [
            dafu.button("put-back", () => this.putBack(offered)),
            dafu.button("drop", () => { copies.drop(this.key + OFFERED); this.say("saved", ""); }),
        ]);
    }

    isMissing(copy) {
        if (!copy || JSON.stringify(copy.text) === JSON.stringify(this.text())) return false;
        const savedByOneself = !this.isTogether() || this.form.dataset.together === document.body.dataset.user;
        return !(copy.leaving && savedByOneself && copy.version !== this.version());
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
        // Others may have saved since: from the version that the copy began from, the server can tell.
        const seen = this.form.querySelector("[name=version_seen]");
        if (seen && this.isTogether()) seen.value = copy.version;
        copies.drop(this.key + OFFERED);
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

/* 14:03, and the day before it where it was another one. */
function timeOf(stamp) {
    const at = new Date(stamp);
    const [day, time] = [at.toLocaleDateString(document.documentElement.lang), at.toTimeString().slice(0, 5)];
    return at.toDateString() === new Date().toDateString() ? time : `${day} ${time}`;
}

/* A form that was sent and led to another page has arrived: its copy is not needed. Pages that refuse say so. */
function dropArrived(drafts) {
    if (!document.body.dataset.user || document.querySelector("[data-refused]")) return;
    const here = drafts.map((draft) => draft.key);
    copies.keys().filter((key) => key.startsWith(PREFIX) && !here.includes(key)).forEach((key) => {
        const copy = copies.read(key);
        if (copy && copy.leaving && copy.page !== location.pathname) copies.drop(key);
    });
}

document.addEventListener("submit", (event) => {
    if ("signOut" in event.target.dataset && !event.defaultPrevented) copies.dropAll();
});
copies.dropOld();
dropArrived(Array.from(document.querySelectorAll("form[data-autosave]"), (form) => new Draft(form)));
