// The console's API: every page asks through here, and so says the same where something fails.

import { showSignedOut } from "/desk/static/js/dialogs.js";

const SIGNED_OUT = 401;
const OFFLINE = "连不上服务器，请检查网络后再试。";
const FAILED = "没有办成，请稍后再试。";

/** What the server refused: `message` is its sentence; `status` is 0 where it was not reached. */
export class Refused extends Error {
  constructor(message, status = 0, field = "") {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** Ask for /console/api/`path`; resolves to its JSON, rejects with {@link Refused}. */
export async function api(method, path, body) {
  const response = await reach(method, path, body);
  if (response.status === SIGNED_OUT) showSignedOut();
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error ?? FAILED, response.status, answer.field);
  return answer;
}

async function reach(method, path, body) {
  const headers = { accept: "application/json", "x-csrf": csrf() };
  if (body !== undefined) headers["content-type"] = "application/json";
  const sent = { method, headers, body: JSON.stringify(body), cache: "no-store" };
  try {
    return await fetch(`/console/api/${path}`, sent);
  } catch {
    throw new Refused(OFFLINE);
  }
}

function csrf() {
  return document.querySelector('meta[name="csrf"]').content;
}
