// @ts-check
/** Uploads of files, several at a time, each with its progress and result. */

import { badge, button, byId, explain, h, words } from "../dom.js";
import { ServerError, problemOf } from "../server.js";
import { credential, isLoggedOut, renew, session } from "../session.js";
import { counted, sentence, size } from "../wording.js";

/** @typedef {import("./shapes.js").StoredDocument} StoredDocument */

const AT_A_TIME = 2;
/** Documents are ingested in the order of upload, so only the first few are polled. */
const LOOKED_AT = 4;
const FIRST_LOOK_MS = 300;
const LONGEST_PAUSE_MS = 5000;
const UNREACHABLE = "The connection was lost. Check your connection and try again.";

export class Uploads {
  /** @param {import("./api.js").Api} api @param {() => void} changed */
  constructor(api, changed) {
    this.api = api;
    this.changed = changed;
    /** @type {Upload[]} not sent yet */
    this.waiting = [];
    this.sending = 0;
    /** @type {Upload[]} sent, and being ingested by the server */
    this.sent = [];
    this.watching = false;
    this.list = byId("uploads");
    this.mostBytes = Number(byId("main").dataset.maxBytes);
    const input = byId("files");
    input.addEventListener("change", () => {
      this.#add([...input.files]);
      input.value = "";
    });
    this.#takeDrops(byId("drop"));
    window.addEventListener("beforeunload", (event) => {
      // Files that have arrived are ingested without this page; the others would be lost.
      if (this.waiting.length || this.sending) event.preventDefault();
    });
  }

  /** @param {HTMLElement} zone */
  #takeDrops(zone) {
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      this.#add([...(event.dataTransfer?.files ?? [])]);
    });
    // A file that misses the zone must not replace the page.
    for (const name of ["dragover", "drop"]) {
      window.addEventListener(name, (event) => event.preventDefault());
    }
  }

  /** @param {File[]} files */
  #add(files) {
    const uploads = files.map((file) => new Upload(file, (upload) => this.#again(upload)));
    this.list.prepend(...uploads.map((upload) => upload.row));
    for (const upload of uploads) {
      const { file } = upload;
      if (file.size > this.mostBytes) {
        upload.refuse(
          `It has ${size(file.size)}, more than the ${size(this.mostBytes)} allowed for a file. ` +
            "Split it, or ask the operator to raise the limit (ANSWERDESK_MAX_FILE_BYTES).",
        );
      } else {
        this.waiting.push(upload);
      }
    }
    this.#next();
  }

  /** @param {Upload} upload */
  #again(upload) {
    upload.wait();
    this.waiting.push(upload);
    this.#next();
  }

  #next() {
    while (this.sending < AT_A_TIME && this.waiting.length) {
      this.sending += 1;
      this.#send(/** @type {Upload} */ (this.waiting.shift())).finally(() => {
        this.sending -= 1;
        this.#next();
      });
    }
  }

  /** @param {Upload} upload */
  async #send(upload) {
    try {
      upload.show(await send(`${this.api.base}/files`, upload));
      if (upload.isPending) this.sent.push(upload);
      this.changed();
      this.#watch();
    } catch (error) {
      refuse(upload, error);
    }
  }

  /** Poll the sent files until all are ingested or have failed. */
  async #watch() {
    if (this.watching) return;
    this.watching = true;
    for (let pause = FIRST_LOOK_MS; this.sent.length; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      await Promise.all(this.sent.slice(0, LOOKED_AT).map((upload) => this.#look(upload)));
      const left = this.sent.filter((upload) => upload.isPending);
      if (left.length < this.sent.length) {
        pause = FIRST_LOOK_MS;
        this.changed();
      }
      this.sent = left;
    }
    this.watching = false;
  }

  /** @param {Upload} upload */
  async #look(upload) {
    try {
      upload.show(await this.api.get(`/documents/${upload.documentId}`));
    } catch (error) {
      // The next poll may succeed, unless the server has rejected the request.
      if (error instanceof ServerError && error.status && error.status < 500 && error.status !== 429) {
        refuse(upload, error);
      }
    }
  }
}

/** @param {Upload} upload @param {unknown} error */
function refuse(upload, error) {
  if (isLoggedOut(error)) return;
  const status = error instanceof ServerError ? error.status : 0;
  // If the server has rejected the file, it would reject it again.
  upload.refuse(explain(error), status === 0 || status >= 500 || status === 429);
}

/** One file, its row on the page. */
class Upload {
  /** @param {File} file @param {(upload: Upload) => void} again */
  constructor(file, again) {
    this.file = file;
    this.documentId = "";
    this.isPending = false;
    this.bar = h("progress", { max: 100, value: 0, "aria-label": `Upload of ${file.name}` });
    this.told = h("span", { class: "upload-told" });
    this.again = button("Try again", () => again(this), "link");
    this.again.hidden = true;
    this.row = h(
      "li",
      {},
      h("p", { class: "upload-name" }, words(file.name), " ", h("span", { class: "row-note" }, size(file.size))),
      this.bar,
      h("p", { class: "upload-end" }, this.told, " ", this.again),
    );
    this.wait();
  }

  wait() {
    this.again.hidden = true;
    this.bar.hidden = false;
    this.bar.value = 0;
    this.told.replaceChildren("Waiting");
  }

  /** @param {number} part the share of the file that has been sent, 0 to 1 */
  sending(part) {
    this.bar.value = part * 100;
    this.told.replaceChildren(part < 1 ? `Sending, ${Math.floor(part * 100)} %` : "Being read");
  }

  /** @param {StoredDocument} document its current state on the server */
  show({ id, status, error, chunk_count: passages, chunks_done: done, chunks_total: all }) {
    this.documentId = id;
    if (status === "failed") {
      this.refuse(error ?? "It could not be read.");
      return;
    }
    this.isPending = status === "pending";
    this.bar.hidden = !this.isPending || !all;
    if (!this.isPending) {
      this.told.replaceChildren(badge("good", "Good"), ` ${counted(passages, "passage")}`);
    } else if (all && done !== null) {
      this.bar.value = (done / all) * 100;
      this.told.replaceChildren(`Ingesting, ${done} of ${all} passages`);
    } else {
      this.told.replaceChildren("Received, waiting to be ingested; you may close this page");
    }
  }

  /** @param {string} reason @param {boolean} [retriable] */
  refuse(reason, retriable = false) {
    this.isPending = false;
    this.bar.hidden = true;
    this.told.replaceChildren(badge("bad", "Not ingested"), " ", words(sentence(reason.replace(`${this.file.name}: `, ""))));
    this.again.hidden = !retriable;
  }
}

/**
 * Send a file with XMLHttpRequest, because `fetch` doesn't report upload progress.
 *
 * @param {string} path @param {Upload} upload @returns {Promise<StoredDocument>}
 */
async function send(path, upload) {
  try {
    return await sendOnce(path, upload);
  } catch (error) {
    if (!(error instanceof ServerError) || error.status !== 401 || !session()) throw error;
    await renew();
    return sendOnce(path, upload);
  }
}

/** @param {string} path @param {Upload} upload @returns {Promise<StoredDocument>} */
function sendOnce(path, upload) {
  const form = new FormData();
  form.append("file", upload.file);
  const line = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    line.open("POST", path);
    line.setRequestHeader("Authorization", `Bearer ${credential()}`);
    line.responseType = "json";
    line.upload.onprogress = ({ loaded, total }) => upload.sending(total ? loaded / total : 0);
    line.upload.onload = () => upload.sending(1);
    line.onerror = line.onabort = () => reject(new ServerError(UNREACHABLE));
    line.onload = () =>
      line.status < 300 ? resolve(line.response) : reject(problemOf(line.status, line.response ?? {}));
    line.send(form);
  });
}
