// The API's description, made readable; it is tried with the session of whoever is signed in.
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

async function token(): Promise<string> {
  const me = await fetch("/api/v1/session");
  return me.ok ? ((await me.json()) as { csrf_token: string }).csrf_token : "";
}

SwaggerUI({
  url: "/api/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  requestInterceptor: async (request: { method?: string; headers: Record<string, string> }) => {
    if (request.method && !["GET", "HEAD"].includes(request.method)) request.headers["X-CSRF-Token"] = await token();
    return request;
  },
});
