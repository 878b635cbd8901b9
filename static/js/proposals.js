/* Writing a proposal: the title's count; suggestions that are added, removed and moved. Works without it, by saving. */
"use strict";

/* ---- the title's count ---- */

const count = document.querySelector("[data-count]");
if (count) {
    const title = document.getElementById(count.dataset.count);
    const show = () => {
        const length = Array.from(title.value.trim()).length;
        count.querySelector("[data-length]").textContent = length;
        count.classList.toggle("over", length > Number(count.dataset.limit));
    };
    title.addEventListener("input", show);
    show();
}

/* ---- suggestions ---- */

class Suggestions {
    constructor(box) {
        this.box = box;
        this.list = box.querySelector("[data-list]");
        this.add = box.querySelector("[data-add]");
        this.note = box.querySelector("[data-note]");
        box.querySelector("[data-without-script]").hidden = true;
        this.add.hidden = false;
        this.add.addEventListener("click", () => this.append());
        box.addEventListener("click", (event) => this.pressed(event));
        box.closest("form").addEventListener("dafu:put-back", (event) => this.makeRoom(event.detail));
        this.number();
    }

    /* Text that is put back may have more suggestions than the page has boxes. */
    makeRoom(values) {
        const wanted = (values.get(this.list.querySelector("textarea").name) || []).length;
        while (this.rows().length < wanted) this.list.append(this.newRow());
        this.number();
    }

    newRow() {
        return this.box.querySelector("[data-empty]").content.cloneNode(true);
    }

    rows() {
        return Array.from(this.list.querySelectorAll("[data-suggestion]"));
    }

    /* Places, labels and the ends of the list, after every change. */
    number() {
        const rows = this.rows();
        rows.forEach((row, at) => {
            const text = row.querySelector("textarea");
            text.id = `suggestion-${at + 1}`;
            row.querySelector("label").htmlFor = text.id;
            row.querySelectorAll("[data-place]").forEach((place) => { place.textContent = at + 1; });
            row.querySelector("[data-tools]").hidden = rows.length < 2;
            row.querySelector("[data-move='-1']").disabled = at === 0;
            row.querySelector("[data-move='1']").disabled = at === rows.length - 1;
        });
    }

    append() {
        const empty = this.rows().find((row) => !row.querySelector("textarea").value.trim());
        if (!empty) this.list.append(this.newRow());
        this.number();
        (empty || this.rows().pop()).querySelector("textarea").focus();
    }

    pressed(event) {
        const button = event.target.closest("[data-move], [data-remove]");
        if (!button) return;
        const row = button.closest("[data-suggestion]");
        if (button.matches("[data-remove]")) this.remove(row);
        else this.move(row, Number(button.dataset.move), button);
        this.list.dispatchEvent(new Event("input", { bubbles: true }));
    }

    remove(row) {
        const next = row.nextElementSibling || row.previousElementSibling;
        row.remove();
        this.number();
        this.note.textContent = this.note.dataset.removed;
        next.querySelector("textarea").focus();
        this.offerUndo(row, next);
    }

    /* What was removed can be put back: nothing typed is lost by one wrong press. */
    offerUndo(row, next) {
        if (!row.querySelector("textarea").value.trim()) return;
        this.note.append(" ", dafu.button("undo", () => {
            if (this.list.contains(next)) next.before(row);
            else this.list.append(row);
            this.number();
            this.note.textContent = "";
            row.querySelector("textarea").focus();
            this.list.dispatchEvent(new Event("input", { bubbles: true }));
        }));
    }

    move(row, by, button) {
        const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
        if (!other) return;
        if (by < 0) other.before(row);
        else other.after(row);
        this.number();
        const place = this.rows().indexOf(row) + 1;
        this.note.textContent = this.note.dataset.moved.replace("{n}", place);
        (button.disabled ? row.querySelector("textarea") : button).focus();
    }
}

document.querySelectorAll("[data-suggestions]").forEach((box) => new Suggestions(box));
