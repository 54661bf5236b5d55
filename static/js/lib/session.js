import { explain, Problem } from "./problem.js";
import { text } from "./text.js";
import { root } from "./root.js";

// The signed-in user. Tokens live in this module's memory and nowhere else: no storage, no cookie, so neither a reload
// nor another page has them, and a script that reads the storage finds nothing.
let access = null;
let refresh = null;
let renewal = 0;
const listeners = [];

const EARLY = 30; // seconds before the end of a token at which it is renewed

export const isSignedIn = () => access !== null;

/** Calls `listener` whenever somebody signs in or out. */
export function onSession(listener) {
  listeners.push(listener);
}

/** Headers with the credentials of the signed-in user; none when nobody is signed in. */
export function authorization() {
  return access ? { Authorization: `Bearer ${access}` } : {};
}

/** Whether a URL is one of this server, which may be sent the token. */
export function isOwn(address) {
  return new URL(address, root).origin === location.origin;
}

/** Throws a Problem in the server's words when the name or the password is wrong. */
export async function signIn(username, password) {
  take(await post("v1/auth/token", { grant_type: "password", username, password }));
  tell();
}

/** Ends the session, also on the server if it can be reached. */
export async function signOut() {
  const token = refresh;
  forget();
  tell();
  if (token) await post("v1/auth/revoke", { token }).catch(() => {});
}

function take({ access_token, refresh_token, expires_in }) {
  [access, refresh] = [access_token, refresh_token];
  clearTimeout(renewal);
  renewal = setTimeout(renew, Math.max(1, expires_in - EARLY) * 1000);
}

async function renew() {
  try {
    take(await post("v1/auth/token", { grant_type: "refresh_token", refresh_token: refresh }));
  } catch {
    forget();
    tell();
  }
}

function forget() {
  clearTimeout(renewal);
  [access, refresh] = [null, null];
}

function tell() {
  for (const listener of listeners) listener();
}

async function post(path, body) {
  let response;
  try {
    response = await fetch(new URL(path, root), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, text("server.away"));
  }
  if (!response.ok) throw new Problem(response.status, await explain(response));
  return response.headers.get("Content-Length") === "0" ? {} : response.json().catch(() => ({}));
}
