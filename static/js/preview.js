/* The letter's pages beside the text: [data-preview="URL"] is made anew after each "dafu:saved".
   The answer is a fragment of HTML (parts/pages.html); the place one has scrolled to is kept. */
"use strict";

class Preview {
    constructor(place) {
        this.place = place;
        this.state = document.createElement("div");
        this.state.className = "preview-state";
        this.state.setAttribute("role", "status");
        place.insertAdjacentElement("beforebegin", this.state);
        document.addEventListener("dafu:saved", () => this.refresh());
        if ("previewNow" in place.dataset) this.refresh();
    }

    async refresh() {
        if (this.waiting) this.waiting.abort();
        const waiting = new AbortController();
        this.waiting = waiting;
        this.busy(true, dafu.word("making-pages"));
        try {
            const answer = await fetch(this.place.dataset.preview, {
                credentials: "same-origin", redirect: "manual", signal: waiting.signal, headers: { "X-Requested-With": "fetch" },
            });
            if (!answer.ok) throw new Error(answer.status);
            this.swap(await answer.text());
        } catch (error) {
            if (this.waiting === waiting) this.failed();
        }
    }

    swap(html) {
        const top = this.place.scrollTop;
        const height = this.place.offsetHeight;
        // Holding the height keeps the window from jumping while the new pictures load.
        this.place.style.minHeight = `${height}px`;
        this.place.innerHTML = html;
        this.place.scrollTop = top;
        this.busy(false, dafu.word("pages-made"));
        const pictures = Array.from(this.place.querySelectorAll("img"));
        Promise.all(pictures.slice(0, 1).map((picture) => picture.decode().catch(() => {})))
            .then(() => { this.place.style.minHeight = ""; this.place.scrollTop = top; });
    }

    failed() {
        this.busy(false, `${dafu.word("no-pages")} `);
        this.state.append(dafu.button("try-again", () => this.refresh()));
    }

    busy(is, text) {
        this.place.setAttribute("aria-busy", String(is));
        this.state.textContent = text;
        // Success needs no place on the page: the new pages are seen. It is still read out.
        this.state.classList.toggle("visually-hidden", text === dafu.word("pages-made"));
    }
}

document.querySelectorAll("[data-preview]").forEach((place) => new Preview(place));
