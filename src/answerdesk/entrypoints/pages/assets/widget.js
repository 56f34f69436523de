// @ts-check
/**
 * Answerdesk: a chat in the corner of your website's pages.
 * It needs `script-src` and `frame-src` for this script's origin, and nothing else, of a page.
 */
(() => {
  const page = /** @type {any} */ (window);
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (page.Answerdesk || !script) return;
  const nova = page.novaChatSettings ?? {};
  const { project, token = nova.websiteToken, position = nova.position } = script.dataset;
  const [kind, id] = project ? ["project", project] : ["token", token];
  const desk = new URL(script.src).origin;
  const named = `${kind}=${encodeURIComponent(id)}`;
  const here = encodeURIComponent(location.origin);
  const key = `answerdesk:${id}`;
  const phone = matchMedia("(max-width: 480px)");
  const life = new AbortController();
  const { signal } = life;
  const style = `
:host { all: initial; --color: #2f5bea; --ink: #fff }
button { all: unset; box-sizing: border-box; position: fixed; inset: auto 20px 20px auto; z-index: 2147483646;
  display: grid; place-items: center; width: 56px; height: 56px; border: 2px solid transparent; border-radius: 50%;
  background: var(--color); color: var(--ink); box-shadow: 0 2px 12px #0005; cursor: pointer }
button:focus-visible { outline: 3px solid var(--color); outline-offset: 3px; box-shadow: 0 0 0 3px #fff }
button[aria-busy=true] { cursor: progress }
svg { width: 28px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.news::after { content: ""; position: absolute; inset: -2px -2px auto auto; width: 14px; height: 14px;
  border: 2px solid #fff; border-radius: 50%; background: #c81e1e }
dialog { position: fixed; inset: auto 20px 88px auto; z-index: 2147483646; box-sizing: border-box; width: 380px;
  height: 600px; max-height: calc(100% - 108px); margin: 0; padding: 0; border: 0; border-radius: 16px;
  overflow: hidden; background: Canvas; color-scheme: light dark; box-shadow: 0 4px 32px #0006 }
.left { right: auto; left: 20px }
iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: light dark }
@media (max-width: 480px) {
  dialog { inset: 0 auto auto 0; width: 100%; max-width: none; height: 100%; max-height: none; border-radius: 0 }
}
@media print { :host { display: none } }`;

  let isWanted = false;
  let isReady = false;
  /** @type {HTMLIFrameElement | undefined} */
  let frame;
  const host = document.createElement("div");
  const button = document.createElement("button");
  const panel = document.createElement("dialog");

  function build() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS(icon.namespaceURI, "path");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-6l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM8 9h8M8 13h5");
    icon.append(path);
    button.append(icon);
    button.type = "button";
    button.ariaHasPopup = "dialog";
    button.ariaExpanded = "false";
    root.append(button, panel);
    call("Chat");
    place(position);
    button.addEventListener("click", toggle);
    panel.addEventListener("cancel", (event) => {
      event.preventDefault();
      close();
    });
    addEventListener("message", take, { signal });
    document.addEventListener("keydown", escape, { signal });
    for (const event of ["resize", "scroll"]) visualViewport?.addEventListener(event, fit, { signal });
    const attach = () => document.body.append(host);
    if (document.body) attach();
    else document.addEventListener("DOMContentLoaded", attach, { once: true, signal });
  }

  /** @param {string} label */
  function call(label) {
    button.ariaLabel = panel.ariaLabel = label;
    if (frame) frame.title = label;
  }

  /** @param {unknown} where such as bottom-left, or bottom_left */
  function place(where) {
    const isLeft = String(where).replace("_", "-") === "bottom-left";
    for (const one of [button, panel]) one.classList.toggle("left", isLeft);
  }

  /** A module brings the look, because it needs no `connect-src` of the page. */
  async function dress() {
    const { default: look } = await import(`${desk}/embed/look.js?${named}&origin=${here}`);
    if (signal.aborted) return;
    if (look.refused) return giveUp(look.refused);
    host.style.setProperty("--color", look.color);
    host.style.setProperty("--ink", look.ink);
    call(look.label);
    if (!position) place(look.position);
  }

  function load() {
    frame = document.createElement("iframe");
    frame.title = button.ariaLabel ?? "";
    frame.setAttribute(
      "sandbox",
      "allow-forms allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts",
    );
    // Code in an answer can be copied.
    frame.allow = "clipboard-write";
    frame.src = `${desk}/embed?${named}#${here}`;
    // A page that is refused or missing counts as loaded, too, but it says no hello.
    frame.addEventListener("load", () => setTimeout(check, 2000));
    setTimeout(check, 30_000);
    panel.append(frame);
    button.ariaBusy = "true";
  }

  function check() {
    if (isReady || signal.aborted) return;
    giveUp(
      `the chat did not open. Is ${desk} reachable, and is ${location.origin} among the project's ` +
        "allowed origins or bound websites?",
    );
  }

  /** @param {string} reason */
  function giveUp(reason) {
    console.error(`Answerdesk: ${reason}`);
    destroy();
  }

  function show() {
    button.ariaBusy = null;
    button.classList.remove("news");
    if (phone.matches) panel.showModal();
    else panel.show();
    fit();
    button.ariaExpanded = "true";
    frame?.focus();
    tell("opened");
  }

  function open() {
    isWanted = true;
    if (!frame) load();
    if (isReady && !panel.open) show();
  }

  function close() {
    isWanted = false;
    if (!panel.open) return;
    const hadFocus = host.shadowRoot?.activeElement === frame;
    panel.close();
    button.ariaExpanded = "false";
    if (hadFocus) button.focus();
    tell("closed");
  }

  function toggle() {
    if (panel.open) close();
    else open();
  }

  function destroy() {
    life.abort();
    host.remove();
    delete page.Answerdesk;
  }

  /** @param {KeyboardEvent} event */
  function escape({ key, isComposing, defaultPrevented }) {
    if (key === "Escape" && !isComposing && !defaultPrevented) close();
  }

  /** A keyboard on the screen shrinks what is visible, which the frame cannot see. */
  function fit() {
    const seen = phone.matches && visualViewport;
    panel.style.top = seen ? `${seen.offsetTop}px` : "";
    panel.style.height = seen ? `${seen.height}px` : "";
  }

  /** @param {string} type @param {object} [more] */
  function tell(type, more) {
    // Not the query or the fragment, which may be nobody's business.
    const where = location.origin + location.pathname;
    frame?.contentWindow?.postMessage({ answerdesk: 1, type, page: where, ...more }, desk);
  }

  /** @param {MessageEvent} event */
  function take({ source, origin, data }) {
    if (!frame || source !== frame.contentWindow || origin !== desk || data?.answerdesk !== 1) return;
    if (data.type === "hello") {
      isReady = true;
      tell("start", { kept: kept() });
      if (isWanted && !panel.open) show();
    } else if (data.type === "keep") keep(String(data.kept));
    else if (data.type === "news") button.classList.toggle("news", !panel.open);
    else if (data.type === "close") close();
  }

  /** The storage may be refused; then the conversation ends with the page. */
  function kept() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  /** @param {string} value */
  function keep(value) {
    try {
      if (value.length < 20_000) localStorage.setItem(key, value);
    } catch {
      // See above.
    }
  }

  if (!id) {
    console.error("Answerdesk: the script tag has no data-project and no data-token.");
    return;
  }
  try {
    build();
    page.Answerdesk = Object.freeze({ open, close, toggle, destroy });
    dress().catch(() => {}); // It works in our own colours as well.
  } catch (error) {
    console.error("Answerdesk:", error);
  }
})();
