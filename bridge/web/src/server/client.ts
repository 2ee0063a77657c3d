/** The one door to the server: typed by its own schema, with the token against forged requests. */
import createClient from "openapi-fetch";
import { learnServerTime } from "./clock";
import { Problem } from "./problem";
import type { paths } from "./schema";

let csrfToken = "";

export function keepCsrfToken(token: string): void {
  csrfToken = token;
}

/** Whether somebody has been signed in since this page was loaded. */
export function wasSignedIn(): boolean {
  return csrfToken !== "";
}

export const server = createClient<paths>({ baseUrl: location.origin });

server.use({
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  },
  onResponse({ response }) {
    learnServerTime(response.headers.get("Date"));
  },
});

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The answer's data; throws Problem when the server refused or cannot be reached. */
export async function asked<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer.catch((fault: unknown) => {
    throw Problem.unreachable(fault);
  });
  if (!response.ok) throw Problem.of(response, error);
  return data as T;
}
