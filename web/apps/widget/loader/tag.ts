/** What a script tag says: whose chat it is, and how it stands on this page. */

export interface Tag {
  /** The origin of the installation. */
  desk: string;
  /** The project's id, or a website's token. */
  id: string;
  /** The same, as the server's addresses take it. */
  query: string;
  /** Over the position in the settings. */
  position?: string | undefined;
  /** Whether the page shows a button of its own instead of ours. */
  hasOwnButton: boolean;
}

export interface Options {
  project?: string | undefined;
  token?: string | undefined;
  position?: string | undefined;
  locale?: string | undefined;
  launcher?: string | undefined;
}

/** Return what the options name, on the installation `desk`; null if they name nothing. */
export function tagOf(desk: string, { project, token, position, locale, launcher }: Options): Tag | null {
  const id = project || token;
  if (!id) return null;
  const named = new URLSearchParams({ [project ? "project" : "token"]: id, ...(locale && { locale }) });
  return { desk, id, query: named.toString(), position, hasOwnButton: launcher === "none" };
}

/** Some tag managers drop the attributes that they do not know; so the address may tell them, too. */
export function optionsOf(script: HTMLScriptElement): Options {
  const told: Options = Object.fromEntries(new URL(script.src).searchParams);
  return { ...told, ...script.dataset };
}
