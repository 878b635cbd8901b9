/* Below a pattern of the letter profile: how it will read, with the facts of a made-up case, while one types. */
"use strict";

(() => {
    const facts = JSON.parse(document.getElementById("example-facts").textContent);

    function read(pattern) {
        return pattern.replace(/\{(\w*)\}/g, (whole, name) => facts[name] || "");
    }

    document.querySelectorAll("[data-example-of]").forEach((example) => {
        const field = document.getElementById(example.dataset.exampleOf);
        field.addEventListener("input", () => { example.textContent = read(field.value); });
    });
})();
