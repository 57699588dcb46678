import "./releases.css";

const RELEASES = [
  { service: "billing", version: "4.12.0", text: "Invoices in two currencies." },
  { service: "search", version: "2.3.1", text: "Typos in names are forgiven." },
  { service: "gateway", version: "9.0.0", text: "HTTP/3 for everyone. Old tokens end in May." },
];

/** The newest releases first. */
export function ReleasesPage() {
  return (
    <ol className="releases" data-testid="releases-page">
      {RELEASES.map(({ service, version, text }) => (
        <li key={service}>
          <h2>
            {service} <code>{version}</code>
          </h2>
          <p>{text}</p>
        </li>
      ))}
    </ol>
  );
}
