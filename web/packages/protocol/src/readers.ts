/**
 * Readers of single fields: each returns the value if it is sound, and undefined if it is not.
 * The marks let a bundler leave out the messages that its side does not read.
 */

export type Reader<T> = (value: unknown) => T | undefined;

/** Plain facts by name: what a site tells about its visitor's page, or an event about itself. */
export type Values = Record<string, string | number | boolean>;

const MOST_VALUES = 20;
const LONGEST_NAME = 60;
const LONGEST_VALUE = 500;

export const text = /* @__NO_SIDE_EFFECTS__ */
  (longest: number): Reader<string> =>
  (value) =>
    typeof value === "string" && value.length <= longest ? value : undefined;

/** A whole number from 0. */
export const number = /* @__NO_SIDE_EFFECTS__ */
  (most: number): Reader<number> =>
  (value) =>
    Number.isFinite(value) && Number(value) >= 0 ? Math.min(Math.round(Number(value)), most) : undefined;

/** A flag; `missing` is what it is where the other side does not know it. */
export const flag = /* @__NO_SIDE_EFFECTS__ */
  (missing?: boolean): Reader<boolean> =>
  (value) =>
    typeof value === "boolean" ? value : value === undefined ? missing : undefined;

export const oneOf = /* @__NO_SIDE_EFFECTS__ */
  <T extends string>(names: readonly T[]): Reader<T> =>
  (value) =>
    names.find((name) => name === value);

export const orNull = /* @__NO_SIDE_EFFECTS__ */
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value) =>
    value === null ? null : reader(value);

export const values: Reader<Values> = (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const pairs = Object.entries(value);
  if (pairs.length > MOST_VALUES) return undefined;
  const isSound = pairs.every(([name, one]) => name.length <= LONGEST_NAME && isPlain(one));
  return isSound ? Object.fromEntries(pairs) : undefined;
};

const isPlain = (value: unknown): boolean =>
  typeof value === "string" ? value.length <= LONGEST_VALUE : typeof value === "boolean" || Number.isFinite(value);
