// Putting a model live: asked for first, with a reason where the comparison refuses it.

import { api } from "./api.js";

const WILL = "按下以后十秒之内，所有市民的新消息都由这个模型来读。正在进行的会话和填了一半的问题不会丢。不合适可以随时在“模型”页退回。";
const REFUSED = "比较没有通过，照理不能上线。";

/** Ask, and put it live; resolves to whether that was done, rejects with the server's sentence. */
export async function promote(version, { may_promote: may }) {
  const reason = await asked(may);
  if (reason === null) return false;
  const body = may ? {} : { override: true, reason };
  await api("POST", `models/${encodeURIComponent(version)}/promote`, body);
  return true;
}

/** Resolve to the reason ('' where none is needed), or null where it is not to be done. */
function asked(may) {
  const dialog = document.getElementById("promote");
  const field = document.getElementById("promote-reason");
  document.getElementById("promote-text").textContent = may ? WILL : REFUSED + WILL;
  document.getElementById("promote-why").hidden = may;
  field.required = !may;
  field.value = "";
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((resolve) => {
    const done = () => resolve(dialog.returnValue === "yes" ? field.value.trim() : null);
    dialog.addEventListener("close", done, { once: true });
  });
}
