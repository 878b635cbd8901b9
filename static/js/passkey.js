/* Passkeys: asks the browser to make one ("create") or to use one ("get"), and sends what it answers with the form.
   The options stand as JSON in the form itself. Without this script the other ways to prove who one is remain. */
"use strict";

(() => {
    function bytes(text) {
        const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
        return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
    }

    function text(buffer) {
        const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
        return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    }

    function known(list) {
        return (list || []).map((entry) => Object.assign({}, entry, { id: bytes(entry.id) }));
    }

    function wanted(way, options) {
        const asked = Object.assign({}, options, { challenge: bytes(options.challenge) });
        if (way === "get") asked.allowCredentials = known(options.allowCredentials);
        else {
            asked.user = Object.assign({}, options.user, { id: bytes(options.user.id) });
            asked.excludeCredentials = known(options.excludeCredentials);
        }
        return asked;
    }

    function told(credential) {
        const said = credential.response;
        const response = { clientDataJSON: text(said.clientDataJSON) };
        if (said.attestationObject) {
            response.attestationObject = text(said.attestationObject);
            response.transports = said.getTransports ? said.getTransports() : [];
        } else {
            response.authenticatorData = text(said.authenticatorData);
            response.signature = text(said.signature);
            response.userHandle = said.userHandle ? text(said.userHandle) : null;
        }
        return {
            type: credential.type,
            id: credential.id,
            rawId: text(credential.rawId),
            authenticatorAttachment: credential.authenticatorAttachment || null,
            response,
            clientExtensionResults: credential.getClientExtensionResults(),
        };
    }

    function say(form, name) {
        form.querySelectorAll("[data-passkey-cancelled], [data-passkey-missing]").forEach((note) => { note.hidden = true; });
        if (name) form.querySelector(`[data-passkey-${name}]`).hidden = false;
    }

    async function ask(form) {
        const way = form.dataset.passkey;
        const data = JSON.parse(form.querySelector("script[type='application/json']").textContent);
        const publicKey = wanted(way, (data.request_options || data.creation_options).publicKey);
        const credential = await navigator.credentials[way]({ publicKey });
        form.elements.credential.value = JSON.stringify(told(credential));
        form.submit();
    }

    document.querySelectorAll("form[data-passkey]").forEach((form) => {
        form.addEventListener("submit", async (event) => {
            event.preventDefault();
            say(form, "");
            if (!window.PublicKeyCredential) { say(form, "missing"); return; }
            const button = form.querySelector("button");
            button.disabled = true;
            try { await ask(form); } catch (error) { say(form, "cancelled"); button.disabled = false; }
        });
    });
})();
