/** How many texts the carriers make of a message, as the server counts them. */

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** These take two places of the plain alphabet. */
const EXTENDED = "\f^{}\\[~]|€";

const basic = new Set(BASIC);
const extended = new Set(EXTENDED);

export interface Segments {
  /** What a person counts. */
  readonly characters: number;
  /** What the carriers send, and charge for. */
  readonly segments: number;
  /** The first character for which the whole message needs the wide alphabet; null: none. */
  readonly special: string | null;
}

/** 160 places in one text of the plain alphabet and 153 in each of several; of the wide one 70 and 67. */
export function segmentsOf(message: string): Segments {
  // By code points, as the carriers count.
  const letters = Array.from(message);
  const special = letters.find((letter) => !basic.has(letter) && !extended.has(letter)) ?? null;
  const [units, one, each] =
    special === null
      ? [letters.map((letter) => (extended.has(letter) ? 2 : 1)), 160, 153]
      : [letters.map((letter) => letter.length), 70, 67];
  return { characters: letters.length, segments: countOf(units, one, each), special };
}

/** What takes two places is never cut in two. */
function countOf(units: readonly number[], one: number, each: number): number {
  const total = units.reduce((sum, unit) => sum + unit, 0);
  if (total <= one) return total === 0 ? 0 : 1;
  let [segments, used] = [1, 0];
  for (const unit of units) {
    if (used + unit > each) [segments, used] = [segments + 1, 0];
    used += unit;
  }
  return segments;
}
