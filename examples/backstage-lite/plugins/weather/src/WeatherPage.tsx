import "./weather.css";

const HOURS = [
  { time: "12:00", sky: "Clear", celsius: 14, knots: 8 },
  { time: "15:00", sky: "Some clouds", celsius: 15, knots: 12 },
  { time: "18:00", sky: "Showers", celsius: 12, knots: 19 },
  { time: "21:00", sky: "Fresh wind", celsius: 10, knots: 24 },
];

/** The next hours, one card each. */
export function WeatherPage() {
  return (
    <ol className="weather" data-testid="weather">
      {HOURS.map(({ time, sky, celsius, knots }) => (
        <li key={time} className="card">
          <h3>{time}</h3>
          <p className="weather-degrees">{celsius}°</p>
          <p>{sky}</p>
          <p className="quiet">{knots} kn</p>
        </li>
      ))}
    </ol>
  );
}
