/* What another program puts on the clipboard as HTML (Word, WPS, Excel, a web page) as plain lines of a letter:
   tables with bars, numbers of lists as text; notes, tracked deletions, hidden text and comments left out. */
"use strict";

const pastedHtml = (() => {
    const MOST_CHARACTERS = 5000000;
    const MOST_COLUMNS = 12; // as the letter engine's
    const TELLS_MORE = /<table|<[ou]l[\s>]|mso-|class="?Mso|<del[\s>]|<sup[\s>]|display:\s*none|visually-hidden/i;
    const NOTHING = "script, style, head, title, meta, link, template, noscript, object, svg, math, select, button, "
        + "textarea, del, [hidden], .visually-hidden, .msoDel, .MsoFootnoteReference, .MsoEndnoteReference, "
        + ".MsoCommentReference, sup.reference, a[href^='#_ftn'], a[href^='#_edn'], a[href^='#_msocom'], "
        + "a[name^='_ftnref'], a[name^='_ednref'], a[name^='_msoanchor'], [id^='_com_']";
    const HIDDEN = /display:\s*none|visibility:\s*hidden|mso-hide:\s*all|mso-element:\s*(?:footnote|endnote|comment)|mso-special-character:\s*(?:footnote|comment)/i;
    const BLOCKS = new Set(("ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CAPTION CENTER DD DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER "
        + "FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION UL").split(" "));
    /* A mark that counts: 1. （一） 2、 a) ①; a bullet does not. */
    const COUNTS = /^(?:[（(].{1,6}[）)]|[0-9０-９一二三四五六七八九十百]+[.．、)）]?|[a-zA-Z]{1,5}[.．、)）]|[\u2460-\u249b\u3220-\u3229].?|第.{1,4}[条章节款])$/;
    const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u2014\u2018-\u201d\u2026]/;

    const styleOf = (element) => element.getAttribute("data-style") || "";

    /* Styles are read and never applied: the page's own rules forbid them. */
    function withoutStyles(html) {
        const tags = html.replace(/<style[\s\S]*?<\/style>/gi, "");
        return tags.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
    }

    function isNothing(element) {
        return element.matches(NOTHING) || HIDDEN.test(styleOf(element));
    }

    /* A line end in the source is a space, and none at all between two Chinese characters. */
    function joined(text) {
        return text.replace(/[ \t\r\n\f]*[\r\n]+[ \t\r\n\f]*/g, (gap, at, whole) => {
            const [before, after] = [whole[at - 1], whole[at + gap.length]];
            return before && after && WIDE.test(before) && WIDE.test(after) ? "" : " ";
        }).replace(/[ \t\f\u00a0]+/g, " ");
    }

    function tidy(line) {
        return line.replace(/[\u200b\ufeff\u00ad]/g, "").replace(/^[ \u3000\t]+|[ \u3000\t]+$/g, "");
    }

    function withMark(mark, text) {
        return mark && /[0-9a-zA-Z.)]$/.test(mark) && /^[0-9a-zA-Z]/.test(text) ? `${mark} ${text}` : mark + text;
    }

    class Lines {
        constructor() {
            this.lines = [];
            this.now = "";
            this.mark = "";
        }

        end() {
            const text = tidy(joined(this.now));
            if (text) {
                this.lines.push(withMark(this.mark, text));
                this.mark = "";
            }
            this.now = "";
        }

        read(node) {
            if (node.nodeType === Node.TEXT_NODE) { this.now += node.data; return; }
            if (node.nodeType !== Node.ELEMENT_NODE || isNothing(node)) return;
            if (/mso-list:\s*ignore/i.test(styleOf(node))) {
                const mark = tidy(node.textContent.replace(/[\s\u00a0]+/g, " "));
                this.mark = COUNTS.test(mark) ? mark : "";
            } else if (node.tagName === "BR") this.end();
            else if (node.tagName === "TABLE") this.table(node);
            else if (node.tagName === "PRE") this.pre(node);
            else if (BLOCKS.has(node.tagName)) this.block(node);
            else node.childNodes.forEach((child) => this.read(child));
        }

        block(node) {
            this.end();
            if (node.tagName === "LI") this.mark = markOf(node);
            node.childNodes.forEach((child) => this.read(child));
            this.end();
            if (node.tagName === "LI") this.mark = "";
        }

        pre(node) {
            this.end();
            node.textContent.split("\n").forEach((line) => { this.now = line; this.end(); });
        }

        table(node) {
            this.end();
            const rows = grid(node).filter((row) => row.some(Boolean));
            const columns = Math.max(0, ...rows.map((row) => row.length));
            const caption = node.caption ? tidy(joined(node.caption.textContent)) : "";
            if (caption) this.lines.push(caption);
            if (columns < 2 || columns > MOST_COLUMNS) {
                this.lines.push(...rows.map((row) => row.filter(Boolean).join(" ")));
                return;
            }
            const last = this.lines[this.lines.length - 1] || "";
            if (last.startsWith("|")) this.lines.push("");
            const heads = node.tHead ? node.tHead.rows.length : 1;
            rows.forEach((row, n) => {
                const cells = Array.from({ length: columns }, (_, at) => ` ${(row[at] || "").replace(/\|/g, "\\|")} `);
                this.lines.push(`|${cells.join("|")}|`);
                if (n + 1 === Math.min(heads, rows.length)) this.lines.push(`|${"---|".repeat(columns)}`);
            });
        }
    }

    /* The cells of a table, each in the first of the places that it covers. */
    function grid(table) {
        const rows = Array.from(table.rows, () => []);
        Array.from(table.rows).forEach((row, y) => {
            if (isNothing(row)) return;
            let x = 0;
            Array.from(row.cells).forEach((cell) => {
                if (isNothing(cell)) return;
                while (rows[y][x] !== undefined) x += 1;
                const text = textOf(cell).join(" ");
                const [wide, high] = [Math.min(cell.colSpan, MOST_COLUMNS + 1), Math.min(cell.rowSpan || 1, rows.length - y)];
                for (let dy = 0; dy < high; dy += 1) {
                    for (let dx = 0; dx < wide; dx += 1) rows[y + dy][x + dx] = dx || dy ? "" : text;
                }
                x += wide;
            });
        });
        return rows.map((row) => Array.from(row, (cell) => cell || ""));
    }

    function lettered(n, first) {
        return n > 26 ? String(n) : String.fromCharCode(first.charCodeAt(0) + n - 1);
    }

    function markOf(item) {
        const list = item.parentElement;
        if (!list || list.tagName !== "OL") return "";
        const before = Array.from(list.children).filter((one) => one.tagName === "LI");
        let n = list.hasAttribute("start") ? list.start : 1;
        for (const one of before) {
            if (one.hasAttribute("value")) n = one.value;
            if (one === item) break;
            n += 1;
        }
        const kind = /^[aA]$/.test(list.getAttribute("type") || "") ? list.getAttribute("type") : "";
        return `${kind && n > 0 ? lettered(n, kind) : n}.`;
    }

    function textOf(node) {
        const lines = new Lines();
        node.childNodes.forEach((child) => lines.read(child));
        lines.end();
        return lines.lines;
    }

    /* The clean text of what was pasted; nothing where the plain text of the clipboard says as much. */
    return (html) => {
        if (!html || html.length > MOST_CHARACTERS || !TELLS_MORE.test(html)) return "";
        const body = new DOMParser().parseFromString(withoutStyles(html), "text/html").body;
        return textOf(body).join("\n");
    };
})();
