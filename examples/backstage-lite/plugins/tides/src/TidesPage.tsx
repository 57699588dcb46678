import "./tides.css";

import { Fragment, useState, type ReactNode } from "react";

import { DAYS, type Tide } from "./tides";
import { TideCurve } from "./TideCurve";

/** The tides of a day, and below them what others add. */
export function TidesPage({ cards }: { cards: readonly ReactNode[] }) {
  const [day, setDay] = useState<keyof typeof DAYS>("Today");
  return (
    <>
      <div className="tides-days" role="group" aria-label="Day">
        {DAY_NAMES.map((name) => (
          <button key={name} type="button" aria-pressed={name === day} onClick={() => setDay(name)}>
            {name}
          </button>
        ))}
      </div>
      <TideCurve tides={DAYS[day]} />
      <ol className="tides" data-testid="tides">
        {DAYS[day].map((tide) => (
          <TideEntry key={tide.time} {...tide} />
        ))}
      </ol>
      <div className="cards">
        {cards.map((card, index) => (
          <Fragment key={index}>{card}</Fragment>
        ))}
      </div>
    </>
  );
}

const DAY_NAMES = Object.keys(DAYS) as (keyof typeof DAYS)[];

function TideEntry({ time, metres }: Tide) {
  return (
    <li>
      <time>{time}</time> <strong>{metres.toFixed(1)} m</strong>{" "}
      <span className="quiet">{metres > 2 ? "High" : "Low"}</span>
    </li>
  );
}
