// @ts-check
/** Says which of a person's API keys were revoked and which still work. */

const MOST_NAMED = 10;

/**
 * @typedef {{id: string, name: string, hint: string, account_name: string}} KeyLeft
 * @typedef {{keys_revoked: number, keys_working: number, keys: KeyLeft[]}} KeysOfPerson
 */

/** @param {KeysOfPerson} settled @returns {string} empty if the person has made no keys */
export function keysTold({ keys_revoked, keys_working, keys }) {
  const told = [];
  if (keys_revoked) told.push(`${counted(keys_revoked)} that you made ${keys_revoked === 1 ? "is" : "are"} revoked.`);
  if (keys_working) {
    const named = keys.slice(0, MOST_NAMED).map((key) => `“${key.name}” (${key.hint}, ${key.account_name})`);
    if (keys_working > named.length) named.push(`${keys_working - named.length} more`);
    told.push(
      `${counted(keys_working)} that you made still ${keys_working === 1 ? "works" : "work"}: ${named.join(", ")}. ` +
        "An owner or admin can revoke them on the settings page.",
    );
  }
  return told.join(" ");
}

/** @param {number} keys */
const counted = (keys) => (keys === 1 ? "1 API key" : `${keys} API keys`);
