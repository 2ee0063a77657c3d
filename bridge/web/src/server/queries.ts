/** What has been read from the server, and when it is asked again. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

/** Whoever is told that she is not signed in goes to the sign-in page: the session is known to be none. */
function notSignedIn(fault: unknown): void {
  if (fault instanceof Problem && fault.status === 401 && fault.code === "not_signed_in") {
    queries.setQueryData(["session"], null);
  }
}

/** What the server has refused is not asked again; what it did not hear is, twice. */
function again(failures: number, fault: unknown): boolean {
  if (!(fault instanceof Problem)) return false;
  return failures < 2 && (fault.status === 0 || fault.status === 429 || fault.status >= 500);
}

function pause(failures: number, fault: unknown): number {
  return fault instanceof Problem && fault.retryAfter ? fault.retryAfter * 1000 : 300 * 2 ** failures;
}

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notSignedIn }),
  mutationCache: new MutationCache({ onError: notSignedIn }),
  defaultOptions: {
    queries: { networkMode: "always", retry: again, retryDelay: pause, staleTime: 30_000 },
    mutations: { networkMode: "always", retry: false },
  },
});
