import type { Tide } from "./tides";

const WIDTH = 720;
const HEIGHT = 160;
const HIGHEST = 5;

/** The water of a day as a line. Between two turns it rises and falls like half a cosine. */
export function TideCurve({ tides }: { tides: readonly Tide[] }) {
  const turns = tides.map(({ time, metres }) => ({ x: x(time), y: y(metres) }));
  const [first, ...others] = turns;
  if (!first) return null;
  const line = others.reduce(
    ({ path, from }, to) => {
      const middle = (from.x + to.x) / 2;
      return { path: `${path}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`, from: to };
    },
    { path: `M${first.x} ${first.y}`, from: first },
  );
  return (
    <svg className="tides-curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden>
      <path className="tides-water" d={`${line.path}V${HEIGHT}H${first.x}Z`} />
      <path className="tides-line" d={line.path} />
      {turns.map(({ x, y }) => (
        <circle key={x} cx={x} cy={y} r={5} />
      ))}
    </svg>
  );
}

function x(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return Math.round(((hours * 60 + minutes) / (24 * 60)) * WIDTH);
}

function y(metres: number): number {
  return Math.round(HEIGHT - (metres / HIGHEST) * HEIGHT);
}
