/** The project that was opened last on this browser, for pages that are about none. */
const KEPT = "answerdesk:project";

export function rememberProject(id: string): void {
  try {
    localStorage.setItem(KEPT, id);
  } catch {
    // Then the first one is offered the next time.
  }
}

export function lastProject(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
