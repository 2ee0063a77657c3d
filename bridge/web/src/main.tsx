/** The entrance of the pages. */
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { startLanguages } from "./languages";

void startLanguages().then(() => createRoot(document.getElementById("page")!).render(<App />));
