// @ts-check
/** The chat beside the forms: the real one, told what is not saved yet. */

import { byId, explain } from "../dom.js";
import { json } from "../server.js";
import { authorised, isLoggedOut } from "../session.js";
import { nameOf, ours } from "./texts.js";

const SETTLED = 250;

export class Preview {
  /** @type {{look: Record<string, any>} | null} */
  #shown = null;
  #isReady = false;
  #isAsking = false;
  #isOutdated = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {string} project its id @param {() => object} tried what to try, as a merge patch of settings */
  constructor(project, tried) {
    this.path = `/embed/preview/${encodeURIComponent(project)}`;
    this.tried = tried;
    this.frame = /** @type {HTMLIFrameElement} */ (byId("preview"));
    this.language = byId("preview-language");
    this.language.addEventListener("change", () => this.#ask());
    window.addEventListener("message", ({ source, origin, data }) => {
      if (source !== this.frame.contentWindow || origin !== location.origin || data?.type !== "preview-ready") return;
      this.#isReady = true;
      this.#tell();
    });
    // It may have been ready before anybody listened.
    this.frame.contentWindow?.location.reload();
  }

  /** @param {string[]} languages that it can be seen in */
  offer(languages) {
    const chosen = languages.includes(this.language.value) ? this.language.value : ours.fallback;
    this.language.replaceChildren(...languages.map((one) => new Option(nameOf(one), one, false, one === chosen)));
  }

  /** Show it in a language. @param {string} language */
  show(language) {
    if (this.language.value === language) return;
    this.language.value = language;
    this.later();
  }

  /** Something has changed, and more may. */
  later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SETTLED);
  }

  async #ask() {
    if (this.#isAsking) {
      this.#isOutdated = true;
      return;
    }
    this.#isAsking = true;
    const failure = byId("preview-failure");
    try {
      const wanted = { settings: this.tried(), locale: this.language.value || null };
      const response = await authorised(this.path, { ...json(wanted), method: "POST" });
      this.#shown = await response.json();
      failure.hidden = true;
      this.#tell();
    } catch (error) {
      if (isLoggedOut(error)) return;
      failure.textContent = `This is how it was before your last change: ${explain(error)}`;
      failure.hidden = false;
    } finally {
      this.#isAsking = false;
    }
    if (this.#isOutdated) {
      this.#isOutdated = false;
      this.later();
    }
  }

  #tell() {
    if (!this.#shown || !this.#isReady) return;
    this.frame.contentWindow?.postMessage({ type: "preview", settings: this.#shown }, location.origin);
    const { color, ink, gradient, position } = this.#shown.look;
    const launcher = byId("stage-launcher");
    const stops = gradient.map((/** @type {{color: string, at: number}} */ one) => `${one.color} ${one.at}%`);
    launcher.style.background = stops.length > 1 ? `linear-gradient(135deg, ${stops.join(", ")})` : color;
    launcher.style.color = ink;
    launcher.classList.toggle("left", position === "bottom-left");
  }
}
