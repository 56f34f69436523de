import "virtual:mantine-styles";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import { Problem } from "@answerdesk/api";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { createRoot } from "react-dom/client";
import { meQuery, queryClient } from "./api/queries.ts";
import { router } from "./app/router.tsx";
import { theme, variables } from "./app/theme.ts";
import { Failure } from "./parts/states.tsx";
import { arrive, logIn } from "./session/session.ts";
import { language } from "./texts/index.ts";

/** The one that the page's policy lets style elements have. */
const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
setNonce(nonce);
document.documentElement.lang = language();

// A new version was installed while this page was open: its pieces have other names now.
addEventListener("vite:preloadError", () => location.reload());

const root = createRoot(document.getElementById("root") as HTMLElement, {
  // What the server refused is shown to the person; a mistake of ours is reported as well.
  onCaughtError: (error) => error instanceof Problem || reportError(error),
});

async function start(): Promise<void> {
  try {
    if (!(await arrive())) return logIn();
    await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    return show(<Failure error={error} retry={() => void start()} />);
  }
  show(<RouterProvider router={router} />);
}

function show(content: React.ReactNode): void {
  root.render(
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={4} />
        {content}
      </QueryClientProvider>
    </MantineProvider>,
  );
}

void start();
