import "./tip.css";

/** A card from the mount `./alpha`. */
export function TipCard() {
  return (
    <section className="hello-tip" data-testid="tip">
      <h2>Tip of the day</h2>
      <p>Every page here has an owner. Click the name in its header and ask.</p>
    </section>
  );
}
