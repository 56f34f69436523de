// @ts-check
/** A client of the native API for one project's knowledge, as the logged-in person. */

import { follow } from "../events.js";
import { ServerError } from "../server.js";
import { ask, authorised } from "../session.js";

const CUT_OFF = "The connection was lost.";

/** Somebody else changed it first; with `tag` the same change can be sent again and overwrites. */
export class ChangedMeanwhile extends ServerError {
  /** @param {string} tag */
  constructor(tag) {
    super("Somebody else has changed this meanwhile. Save again to overwrite their changes, or cancel to see them.");
    this.tag = tag;
  }
}

export class Api {
  /** @param {string} projectId */
  constructor(projectId) {
    this.projectId = projectId;
    this.base = `/v1/projects/${encodeURIComponent(projectId)}`;
  }

  /** @param {string} path @param {Record<string, string | null | undefined>} [query] */
  get(path, query = {}) {
    return ask("GET", this.#address(path, query));
  }

  /**
   * @param {string} path @param {object} body
   * @param {string} [once] an idempotency key: repeating the call with it has no further effect
   */
  post(path, body, once) {
    return ask("POST", this.base + path, body, once ? { "Idempotency-Key": once } : {});
  }

  /**
   * Change something; throws ChangedMeanwhile if somebody changed it since its tag was read.
   *
   * @param {"PATCH" | "PUT"} method @param {string} path @param {object} body @param {string} tag
   */
  async change(method, path, body, tag) {
    try {
      return await ask(method, this.base + path, body, { "If-Match": tag });
    } catch (error) {
      if (!(error instanceof ServerError) || error.status !== 412) throw error;
      throw new ChangedMeanwhile((await this.tagged(path)).tag);
    }
  }

  /** @param {string} path */
  remove(path) {
    return ask("DELETE", this.base + path);
  }

  /** @param {string} path @returns {Promise<{body: any, tag: string}>} with its entity tag */
  async tagged(path) {
    const response = await authorised(this.base + path);
    return { body: await response.json(), tag: response.headers.get("ETag") ?? "" };
  }

  /** @param {string} path @param {FormData} form */
  async send(path, form) {
    return (await authorised(this.base + path, { method: "POST", body: form })).json();
  }

  /** @param {string} path @param {Record<string, string>} query @returns {Promise<Blob>} */
  async download(path, query) {
    return (await authorised(this.#address(path, query))).blob();
  }

  /**
   * Yield the states of a sync as they arrive, until it has ended.
   *
   * @param {string} path @param {AbortSignal} signal
   * @returns {AsyncGenerator<import("./shapes.js").Progress>}
   */
  progress(path, signal) {
    const open = (/** @type {AbortSignal} */ line) => authorised(this.base + path, { signal: line });
    return follow(open, signal, CUT_OFF);
  }

  /** @param {string} path @param {Record<string, string | null | undefined>} query */
  #address(path, query) {
    const given = Object.entries(query).filter(([, value]) => value);
    const search = new URLSearchParams(/** @type {[string, string][]} */ (given));
    return given.length ? `${this.base}${path}?${search}` : this.base + path;
  }
}
