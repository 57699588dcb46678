import { ConfigReader } from "@backstage/config";

import { folder } from "./folder";

/** The app's configuration, made in the browser: this portal runs in whatever folder it is put. */
export async function loadConfig(): Promise<{ config: ConfigReader }> {
  const baseUrl = folder.href.replace(/\/$/, "");
  const config = new ConfigReader({
    app: { title: "Fjord", baseUrl },
    backend: { baseUrl },
    organization: { name: "Fjord" },
  });
  return { config };
}
