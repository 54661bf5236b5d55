import { isSignedIn, onSession, signIn, signOut } from "../lib/session.js";
import { text } from "../lib/text.js";

const button = document.getElementById("account");
const dialog = document.getElementById("sign-in");
const form = dialog.querySelector("form");
const fault = document.getElementById("sign-in-fault");

/** The button that signs in with a dialog, and signs out. `onChange` gets whether somebody is signed in. */
export function startAccount(onChange) {
  button.addEventListener("click", () => (isSignedIn() ? signOut() : ask()));
  document.getElementById("sign-in-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  // The typed password must not stay in the page.
  dialog.addEventListener("close", () => form.reset());
  onSession(() => {
    show();
    onChange(isSignedIn());
  });
  show();
}

/** Shows the button where the server can sign somebody in. A server that does not say so is asked when it is used. */
export function offerAccount(isOffered) {
  button.hidden = isOffered === false;
}

function ask() {
  fault.hidden = true;
  dialog.showModal();
}

async function send() {
  const { username, password } = form.elements;
  try {
    await signIn(username.value, password.value);
    dialog.close();
  } catch (problem) {
    fault.textContent = problem.message;
    fault.hidden = false;
    // Status 403 means that sign-in is not set up on this server, so the button is of no use.
    button.hidden = problem.status === 403;
    password.select();
  }
}

function show() {
  button.setAttribute("aria-pressed", String(isSignedIn()));
  button.setAttribute("aria-label", text(isSignedIn() ? "account.out" : "account.in"));
}
