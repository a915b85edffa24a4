/** A loop that is closed. */
export function Logo() {
  return (
    <svg
      width="26"
      height="26"
      viewBox="0 0 26 26"
      aria-hidden="true"
      fill="none"
      strokeWidth="3"
      strokeLinecap="round"
    >
      <path d="M21.5 8.2A9.8 9.8 0 1 0 22.8 13" stroke="var(--accent)" />
      <path d="m8.6 13.2 3.2 3.1 9-9.6" stroke="var(--ok)" strokeLinejoin="round" />
    </svg>
  );
}
