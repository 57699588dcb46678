import { useState } from "react";

const SHIPS = ["Northern Star", "Annegret", "Pelikan", "Sula"];

/** The quay: a click lets a ship leave or come back. */
export function BerthsPage() {
  const [away, setAway] = useState<ReadonlySet<string>>(new Set(["Sula"]));

  function toggle(ship: string) {
    setAway((ships) => {
      const next = new Set(ships);
      if (!next.delete(ship)) next.add(ship);
      return next;
    });
  }

  return (
    <>
      <p className="lead" data-testid="free">
        {away.size} of {SHIPS.length} berths are free.
      </p>
      <ul className="cards">
        {SHIPS.map((ship, index) => (
          <li key={ship} className="card">
            <h3>Berth {index + 1}</h3>
            <p className="quiet">{away.has(ship) ? `${ship} is at sea` : ship}</p>
            <button type="button" onClick={() => toggle(ship)}>
              {away.has(ship) ? "Arrived" : "Cast off"}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
