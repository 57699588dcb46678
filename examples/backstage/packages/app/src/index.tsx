import "@backstage/ui/css/styles.css";

import { createRoot } from "react-dom/client";

import app from "./App";

const container = document.getElementById("root");
if (!container) {
  throw new Error('The page has no element with the id "root" for the application to live in.');
}
createRoot(container).render(app);
