// Passkeys: a form with data-passkey="make" or "sign" asks the browser before it is sent. Without this file the form stays
// hidden, and what stands in data-without-passkeys is read: there are other ways to sign in.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function wanted(options) {
  const found = options.publicKey;
  found.challenge = bytes(found.challenge);
  if (found.user) found.user.id = bytes(found.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"])
    (found[list] || []).forEach((known) => { known.id = bytes(known.id); });
  return { publicKey: found };
}

function answer(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[part]) response[part] = text(credential.response[part]);
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults() };
}

async function options(form) {
  const sent = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const response = await fetch(form.dataset.options, { method: "POST", body: sent, credentials: "same-origin", redirect: "error" });
  if (!response.ok) throw new Error(response.status);
  return wanted(await response.json());
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-passkey]");
  if (!form || form.elements.answer.value) return;
  event.preventDefault();
  const said = form.querySelector("[data-passkey-said]");
  const button = form.querySelector("button");
  if (button.getAttribute("aria-busy") === "true") return;
  said.hidden = true;
  button.setAttribute("aria-busy", "true");
  try {
    const asked = await options(form);
    const found = await (form.dataset.passkey === "make" ? navigator.credentials.create(asked) : navigator.credentials.get(asked));
    form.elements.answer.value = JSON.stringify(answer(found));
    form.submit();
  } catch (fault) {
    said.textContent = fault.name === "InvalidStateError" ? said.dataset.known : said.dataset.failed;
    said.hidden = false;
  } finally {
    button.removeAttribute("aria-busy");
  }
});

// What was sent stands in the form when one comes back to it: it is no good a second time.
addEventListener("pageshow", () => {
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("form[data-passkey]").forEach((form) => { form.hidden = false; form.elements.answer.value = ""; });
  document.querySelectorAll("[data-without-passkeys]").forEach((words) => { words.hidden = true; });
});
