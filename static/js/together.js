/* Two people in one draft: tells the server that this page is in use, and the writer who else is here.
   A Word file is dropped on its card. The page works without it. */
"use strict";

(() => {
    const EVERY_MS = 20000;
    const IN_USE_MS = 120000; // a page that nobody touches is no sign of life, and must not keep a session open

    const box = document.querySelector("[data-present]");
    const form = document.querySelector("form[data-together]");

    function tell(others, hasMoved) {
        const sentences = hasMoved ? [...others, box.dataset.moved] : others;
        if (sentences.join("\n") === Array.from(box.children, (line) => line.textContent).join("\n")) return;
        box.replaceChildren(...sentences.map((sentence) => {
            const line = document.createElement("p");
            line.textContent = sentence;
            return line;
        }));
    }

    if (box && form) {
        let used = Date.now();
        ["input", "keydown", "pointerdown", "scroll"].forEach((name) => {
            document.addEventListener(name, () => { used = Date.now(); }, { passive: true, capture: true });
        });
        const seen = form.querySelector("[name=version_seen]");
        const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;

        const ping = async () => {
            if (document.visibilityState !== "visible" || Date.now() - used > IN_USE_MS) return;
            try {
                const answer = await fetch(box.dataset.present, {
                    method: "POST",
                    credentials: "same-origin",
                    redirect: "manual",
                    headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" },
                });
                if (!answer.ok) return;
                const told = await answer.json();
                tell(told.others, told.version > Number(seen.value));
            } catch (error) {
                // The line is down: saving says so.
            }
        };
        setInterval(ping, EVERY_MS);
        document.addEventListener("visibilitychange", ping);
        document.addEventListener("dafu:saved", (event) => tell(event.detail.others || [], false));
    }

    /* ---- a Word file dropped on its card ---- */

    const card = document.querySelector("[data-word-drop]");
    if (!card) return;
    const field = card.querySelector("input[type=file]");
    const hasFile = (event) => Array.from(event.dataTransfer.types).includes("Files");
    card.querySelector("[data-drop-hint]").hidden = false;
    [card, document.getElementById("id_body")].forEach((place) => {
        place.addEventListener("dragover", (event) => {
            if (!hasFile(event)) return;
            event.preventDefault();
            card.classList.add("is-over");
        });
        place.addEventListener("dragleave", () => card.classList.remove("is-over"));
        place.addEventListener("drop", (event) => {
            if (!hasFile(event)) return;
            event.preventDefault();
            card.classList.remove("is-over");
            card.open = true;
            field.files = event.dataTransfer.files;
            field.form.requestSubmit();
        });
    });
    /* What is being typed is saved before the page is left. */
    field.form.addEventListener("submit", (event) => {
        if (!form || form.dataset.saveState === "saved" || field.form.dataset.waited) return;
        event.preventDefault();
        field.form.dataset.waited = "yes";
        let gone = false;
        const go = () => {
            if (gone) return;
            gone = true;
            field.form.requestSubmit();
        };
        document.addEventListener("dafu:saved", go, { once: true });
        setTimeout(go, 4000);
        form.dispatchEvent(new CustomEvent("dafu:save"));
    });
})();
