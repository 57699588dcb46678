import { useId } from "react";

/** The moon that makes these tides. */
export function MoonCard() {
  const heading = useId();
  return (
    <section className="card" aria-labelledby={heading} data-testid="moon">
      <h3 id={heading}>Waning moon</h3>
      <p className="quiet">Neap tides until Thursday: the water moves half a metre less than usual.</p>
    </section>
  );
}
