import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import "./api.css";
import { authorize, setToken } from "./token";

const place = document.getElementById("api") as HTMLElement;
const field = document.getElementById("token") as HTMLInputElement;

field.addEventListener("input", () => setToken(field.value));
document.getElementById("token-form")?.addEventListener("submit", (event) => event.preventDefault());
setToken(field.value); // a browser may restore what was typed before a reload

// Swagger UI is dark below an element with this class.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

/** The token has a field of its own, above; its dialogs would be a second place for it. */
const withoutDialogs = () => ({
  components: { authorizeBtn: () => null, authorizeOperationBtn: () => null },
});

/** Shows that the document could not be read, and offers to try again. */
function fail(problem: string): void {
  const text = document.createElement("p");
  text.className = "state";
  text.setAttribute("role", "alert");
  text.textContent = `The document of this server could not be loaded: ${problem}. `;
  const again = document.createElement("button");
  again.textContent = "Try again";
  again.addEventListener("click", () => void load());
  text.append(again);
  place.replaceChildren(text);
  place.setAttribute("aria-busy", "false");
}

async function load(): Promise<void> {
  let spec: Record<string, unknown>;
  try {
    const answer = await fetch("../openapi.json");
    if (!answer.ok) return fail(`it was answered with ${answer.status}`);
    spec = (await answer.json()) as Record<string, unknown>;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  // The server that serves this page, also behind a path prefix.
  spec["servers"] = [{ url: new URL("..", location.href).href.replace(/\/$/, "") }];
  SwaggerUI({
    spec,
    domNode: place,
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    tryItOutEnabled: true,
    persistAuthorization: false,
    validatorUrl: null, // else a server of Swagger's would read the document
    syntaxHighlight: { activated: true },
    requestInterceptor: authorize,
    onComplete: () => place.setAttribute("aria-busy", "false"),
    plugins: [withoutDialogs],
  });
}

void load();
