/* Pasting into textarea[data-widen]: what Word or a web page gives comes out clean (paste_html.js), half-width marks
   beside Chinese become full-width, and the page says so. The same rule as the server's; numbers, times and addresses
   of the web stay as they are. */
"use strict";

const MARK = "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff08\uff09\u300a\u300b\u3008\u3009"
    + "\u201c\u201d\u2018\u2019\u3010\u3011\u3014\u3015\u300c\u300d\u300e\u300f\u2026\u2014";
const CHINESE = new RegExp(`[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u3007${MARK}]`, "u");
const WIDE = { ",": "\uff0c", ":": "\uff1a", ";": "\uff1b", "!": "\uff01", "?": "\uff1f" };
const STOP = "\u3002";
const NUMERAL = /^ *[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e]+$/;
/* Where a mark belongs to a machine, not to a sentence: addresses of the web and of mail. */
const MACHINE = new RegExp("(?:[A-Za-z][A-Za-z0-9+.-]{0,30}://|www\\.)[!-~]*[A-Za-z0-9/=#&_-]"
    + "|[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+", "g");

const isChinese = (character) => character !== undefined && CHINESE.test(character);

/* Return which characters of a line may change: those that were pasted and do not belong to an address. */
function freePlaces(characters, from, to) {
    const free = characters.map((_, place) => place >= from && place < to);
    const line = characters.join("");
    for (const found of line.matchAll(MACHINE)) {
        const first = Array.from(line.slice(0, found.index)).length;
        free.fill(false, first, first + found[0].length);
    }
    return free;
}

function widenQuotes(characters, free) {
    const quotes = characters.map((c, place) => (c === '"' && free[place] ? place : -1)).filter((place) => place >= 0);
    for (let i = 0; i + 1 < quotes.length; i += 2) {
        const [first, last] = [quotes[i], quotes[i + 1]];
        if (![first - 1, first + 1, last - 1, last + 1].some((place) => isChinese(characters[place]))) continue;
        characters[first] = "\u201c";
        characters[last] = "\u201d";
    }
}

function bracketsAreChinese(characters, first, last) {
    const inside = characters.slice(first + 1, last);
    if (inside.some(isChinese)) return true;
    const before = characters[first - 1] || "";
    const after = characters[last + 1] || "";
    const opensTelephone = /^[0-9]$/.test(after) && inside.every((c) => /^[0-9]$/.test(c));
    return !/^[A-Za-z0-9]$/.test(before) && !opensTelephone && (isChinese(before) || isChinese(after));
}

function widenBrackets(characters, free) {
    const waiting = [];
    characters.forEach((c, place) => {
        if (!free[place]) return;
        if (c === "(") waiting.push(place);
        if (c !== ")") return;
        const first = waiting.pop();
        if (first === undefined) {
            if (isChinese(characters[place - 1])) characters[place] = "\uff09";
        } else if (bracketsAreChinese(characters, first, place)) {
            characters[first] = "\uff08";
            characters[place] = "\uff09";
        }
    });
    waiting.forEach((first) => {
        if (isChinese(characters[first - 1]) || isChinese(characters[first + 1])) characters[first] = "\uff08";
    });
}

function belongsToChinese(characters, place) {
    const before = characters[place - 1];
    return isChinese(before) || (before !== undefined && isChinese(characters[place + 1]));
}

function endsSentence(characters, place) {
    const after = characters[place + 1];
    if (!isChinese(characters[place - 1]) || NUMERAL.test(characters.slice(0, place).join(""))) return false;
    return after === undefined || [" ", "\u3000", '"'].includes(after) || isChinese(after);
}

/* Return the part from `from` to `to` (in characters) of one line as it should stand, and how many marks changed. */
function widenLine(line, from, to) {
    const before = Array.from(line);
    const characters = before.slice();
    const free = freePlaces(characters, from, to);
    widenQuotes(characters, free);
    widenBrackets(characters, free);
    characters.forEach((c, place) => {
        if (!free[place]) return;
        if (c in WIDE && belongsToChinese(characters, place)) characters[place] = WIDE[c];
        else if (c === "." && endsSentence(characters, place)) characters[place] = STOP;
    });
    const isNew = (place) => place >= 0 && before[place] !== characters[place];
    const changed = characters.filter((_, place) => isNew(place)).length;
    const dropped = (place) => characters[place] === " " && isNew(place - 1) && !"\u201c\uff08".includes(characters[place - 1]);
    const text = characters.filter((_, place) => place >= from && place < to && !dropped(place)).join("");
    return { text, changed };
}

/* Return what the pasted text becomes between what stands before and after it, and how many marks changed. */
function widened(pasted, before, after) {
    const head = before.slice(before.lastIndexOf("\n") + 1);
    const tail = after.split("\n")[0];
    const lines = pasted.split("\n");
    const done = lines.map((line, number) => {
        const left = number === 0 ? head : "";
        const right = number === lines.length - 1 ? tail : "";
        const from = Array.from(left).length;
        return widenLine(left + line + right, from, from + Array.from(line).length);
    });
    return { text: done.map((part) => part.text).join("\n"), changed: done.reduce((sum, part) => sum + part.changed, 0) };
}

/* As if typed, so that the browser's own undo still works where it can. */
function replaceRange(field, start, end, text) {
    field.focus();
    field.setSelectionRange(start, end);
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
}

function noteUnder(field) {
    const id = `${field.id || field.name}-paste-note`;
    const found = document.getElementById(id);
    if (found) return found;
    const note = document.createElement("div");
    note.id = id;
    note.className = "paste-note";
    note.setAttribute("role", "status");
    field.insertAdjacentElement("afterend", note);
    return note;
}

/* what: names of sentences of parts/words.html, with how many marks were put right. */
function tell(field, start, raw, mended, what) {
    const note = noteUnder(field);
    note.textContent = `${what.map(([name, values]) => dafu.word(name, values)).join(" ")} `;
    note.append(dafu.button("undo", () => {
        const place = field.value.slice(start, start + mended.length) === mended ? start : field.value.indexOf(mended);
        if (place >= 0) replaceRange(field, place, place + mended.length, raw);
        note.textContent = place >= 0 ? dafu.word("unwidened") : "";
    }));
}

const isSameText = (one, other) => one.replace(/\s+/g, "") === other.replace(/\s+/g, "");

function onPaste(event) {
    const field = event.target;
    if (!event.clipboardData) return;
    const raw = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    const clean = field.tagName === "TEXTAREA" ? pastedHtml(event.clipboardData.getData("text/html")) : "";
    if (!raw && !clean) return;
    const start = field.selectionStart;
    const end = field.selectionEnd;
    const mended = widened(clean || raw, field.value.slice(0, start), field.value.slice(end));
    if (!mended.changed && !clean) return;
    event.preventDefault();
    replaceRange(field, start, end, mended.text);
    const what = [];
    if (clean && !isSameText(clean, raw)) what.push(["cleaned", {}]);
    if (mended.changed) what.push(["widened", { n: mended.changed }]);
    if (what.length) tell(field, start, raw, mended.text, what);
}

document.addEventListener("paste", (event) => {
    if (event.target.matches && event.target.matches("textarea[data-widen], input[data-widen]")) onPaste(event);
});
