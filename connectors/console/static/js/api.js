// The console's API: every page asks through here, and so says the same where something fails.

import { SIGNED_OUT, call } from "/static/js/api.js";
import { showSignedOut } from "/static/js/dialogs.js";

/** Ask for /console/api/`path`; resolves to its JSON, rejects with Refused of /static/js/api.js. */
export async function api(method, path, body) {
  const csrf = document.querySelector('meta[name="csrf"]').content;
  try {
    return await call(method, `/console/api/${path}`, { csrf, body });
  } catch (error) {
    if (error.status === SIGNED_OUT) showSignedOut();
    throw error;
  }
}
