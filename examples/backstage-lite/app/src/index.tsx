import "./app.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { HashRouter } from "react-router-dom";

import { App } from "./App";
import { loadFeatures } from "./features";

const container = document.getElementById("root");
if (!container) {
  throw new Error('The page has no element with the id "root" for the application to live in.');
}
const root = createRoot(container);

void loadFeatures().then((features) => {
  for (const error of features.errors) console.error(error.message, error.cause ?? "");
  root.render(
    <StrictMode>
      <HashRouter>
        <App {...features} />
      </HashRouter>
    </StrictMode>,
  );
});
