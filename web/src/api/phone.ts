/**
 * What somebody typed or pasted, as E.164; null for what is no number to call or text. Ten digits
 * are of the country with the code 1; every other country is written with `+` or `00`.
 */
export function toE164(typed: string): string | null {
  const [number = ""] = typed.trim().split(/(?:ext\.?|x|#|;)/i);
  const digits = number.replace(/\D/g, "");
  const isWhole = /^\s*\(?\+/.test(number);
  if (isWhole) return valid(digits);
  if (digits.startsWith("00")) return valid(digits.slice(2));
  if (digits.length === 10) return valid(`1${digits}`);
  return digits.length === 11 && digits.startsWith("1") ? valid(digits) : null;
}

function valid(digits: string): string | null {
  return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : null;
}
