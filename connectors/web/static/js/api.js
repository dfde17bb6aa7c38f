// Asking the server for data as somebody who is signed in.

export const SIGNED_OUT = 401;
const FAILED = "没有办成，请稍后再试。";

/** What the server answers where it does not do it: its sentence, and the status (0: no answer). */
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/** Ask; rejects with Refused. `csrf` goes with what changes something. */
export async function call(method, path, { csrf = "", body } = {}) {
  const headers = { accept: "application/json", "x-csrf": csrf };
  if (body !== undefined) headers["content-type"] = "application/json";
  const sent = { method, headers, body: JSON.stringify(body), cache: "no-store" };
  const response = await fetch(path, sent).catch(() => {
    throw new Refused("连不上服务器。", 0);
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.text ?? answer.error ?? FAILED, response.status);
  return answer;
}
