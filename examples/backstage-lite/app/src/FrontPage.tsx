import type { Features, RemoteReport } from "./features";

/** What this page is made of: the remotes, and what they share with the host. */
export function FrontPage({ reports, shared }: Features) {
  return (
    <article className="page">
      <header className="page-header">
        <h1>A portal, put together in your browser</h1>
      </header>
      <p className="lead">
        The frame around this text knows no plugin. It read a list of remotes, loaded them, and gave
        them one React.
      </p>
      <section>
        <h2>Remotes</h2>
        <ul className="cards">
          {reports.map((report) => (
            <RemoteCard key={report.remote.packageName} {...report} />
          ))}
        </ul>
      </section>
      <section>
        <h2>Shared by the host</h2>
        <table data-testid="shared">
          <thead>
            <tr>
              <th scope="col">Package</th>
              <th scope="col">Version</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(shared).map(([name, { version }]) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{version}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </article>
  );
}

function RemoteCard({ remote, modules }: RemoteReport) {
  return (
    <li className="card" data-testid={`remote-${remote.remoteInfo.name}`}>
      <h3>{remote.packageName}</h3>
      <ul className="modules">
        {modules.map((module) => (
          <li key={module.id} data-state={"error" in module ? "failed" : "loaded"}>
            <code>{module.id}</code>
          </li>
        ))}
      </ul>
    </li>
  );
}
