/** What surrounds every page, and which page is where. */
import "./look/mantine.css";
import "./look/tokens.css";
import "./look/base.css";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { Redirect, Route, Switch } from "wouter";
import { Floor } from "./floor/floor";
import { theme, variables } from "./look/theme";
import { NotFound } from "./pages/not-found";
import { SignIn } from "./pages/sign-in";
import { SignedIn } from "./pages/signed-in";
import { Welcome } from "./pages/welcome";
import { Announcer } from "./parts/announcer";
import { queries } from "./server/queries";

/** One place with and without an open interaction, so that the floor stays when one is opened. */
const FLOOR = /^\/floor(?:\/interactions\/[^/]+)?$/;
const scheme = localStorageColorSchemeManager({ key: "throughline-scheme" });
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        colorSchemeManager={scheme}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <Announcer />
        <Switch>
          <Route path="/">
            <Redirect to="/floor" replace />
          </Route>
          <Route path="/sign-in" component={SignIn} />
          <Route path="/welcome" component={Welcome} />
          <Route path={FLOOR}>
            <SignedIn>{(me) => <Floor me={me} />}</SignedIn>
          </Route>
          <Route component={NotFound} />
        </Switch>
      </MantineProvider>
    </QueryClientProvider>
  );
}
