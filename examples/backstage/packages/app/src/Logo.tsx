/** Mountains, and their image in the water. */
export function Logo() {
  return (
    <svg viewBox="0 0 72 64" width="72" height="64" role="img" aria-label="Fjord">
      <path d="M14 32 29 14l8 9 6-6 15 15z" fill="#9bd3ee" />
      <path d="m20 37 9 9 7-5 6 4 10-8z" fill="#3f86a8" opacity=".7" />
      <path d="M12 34.5h48" stroke="#fff" strokeWidth="1.5" />
    </svg>
  );
}
