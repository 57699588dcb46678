import "./on-call.css";

import { useState } from "react";

const WEEK = [
  { day: "Monday", name: "Ada Lind" },
  { day: "Tuesday", name: "Ada Lind" },
  { day: "Wednesday", name: "Jonas Berg" },
  { day: "Thursday", name: "Jonas Berg" },
  { day: "Friday", name: "Mirja Salo" },
];

/** The rota. Any day can be taken over. */
export function OnCallPage() {
  const [mine, setMine] = useState<readonly string[]>([]);
  return (
    <ol className="on-call" data-testid="on-call-page">
      {WEEK.map(({ day, name }) => (
        <li key={day} className="on-call-day">
          <span className="on-call-weekday">{day}</span>
          <strong>{mine.includes(day) ? "You" : name}</strong>
          <button
            type="button"
            disabled={mine.includes(day)}
            onClick={() => setMine([...mine, day])}
          >
            Take over
          </button>
        </li>
      ))}
    </ol>
  );
}
