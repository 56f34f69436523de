// @ts-check
/** Something that is read and changed as a whole, with the tag that tells its versions apart. */

import { json } from "../server.js";
import { authorised } from "../session.js";

/** @template T */
export class Resource {
  /** @type {T | null} */
  #value = null;
  #tag = "";
  /** @type {((value: T) => void)[]} */
  #followers = [];

  /** @param {string} path */
  constructor(path) {
    this.path = path;
  }

  get value() {
    if (this.#value === null) throw new Error(`${this.path} is not loaded yet`);
    return this.#value;
  }

  /** @param {(value: T) => void} follower called with each new version */
  follow(follower) {
    this.#followers.push(follower);
  }

  async load() {
    return this.#keep(await authorised(this.path, { cache: "no-store" }));
  }

  /** Change the version that is known here; fails with 412 if there is a newer. @param {object} patch */
  async change(patch) {
    const { headers, ...options } = json(patch);
    const response = await authorised(this.path, {
      ...options,
      method: "PATCH",
      headers: { ...headers, "If-Match": this.#tag },
    });
    return this.#keep(response);
  }

  /** @param {Response} response */
  async #keep(response) {
    this.#tag = response.headers.get("ETag") ?? "";
    this.#value = await response.json();
    for (const follower of this.#followers) follower(this.value);
    return this.value;
  }
}
