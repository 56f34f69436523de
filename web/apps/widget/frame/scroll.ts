/** Follows a growing answer, and leaves it to the reader as soon as they scroll. */

/** How near the end counts as being there, in pixels. */
const NEAR = 40;

export class Follower {
  /** Whether the reader is at the end; if not, there is something below. */
  #changed: (isAtEnd: boolean) => void;
  #log: HTMLElement;
  #isFollowing = true;
  #lastTop = 0;
  #watch: ResizeObserver;

  constructor(log: HTMLElement, content: HTMLElement, changed: (isAtEnd: boolean) => void) {
    this.#log = log;
    this.#changed = changed;
    this.#watch = new ResizeObserver(() => this.#grown());
    this.#watch.observe(log);
    this.#watch.observe(content);
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  /** Go to the end, and follow from there. */
  toEnd(): void {
    this.#isFollowing = true;
    this.#move(this.#end);
  }

  get #end(): number {
    return this.#log.scrollHeight - this.#log.clientHeight;
  }

  #grown(): void {
    if (this.#isFollowing) {
      // What the visitor wrote last stays in sight: a long answer is read from its beginning.
      const own = [...this.#log.querySelectorAll<HTMLElement>(".own")].at(-1);
      const top = own ? own.offsetTop - 16 : Number.POSITIVE_INFINITY;
      this.#move(Math.min(this.#end, Math.max(top, this.#lastTop)));
    }
    this.#changed(this.#isAtEnd);
  }

  get #isAtEnd(): boolean {
    return this.#end - this.#log.scrollTop < NEAR;
  }

  #move(top: number): void {
    this.#log.scrollTop = top;
    this.#lastTop = this.#log.scrollTop;
  }

  #scrolled(): void {
    const top = this.#log.scrollTop;
    if (top < this.#lastTop - 1) this.#isFollowing = false;
    if (this.#isAtEnd) this.#isFollowing = true;
    this.#lastTop = top;
    this.#changed(this.#isAtEnd);
  }
}
