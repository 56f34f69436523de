/** The whole frame. */
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat.ts";
import type { Host } from "../host.ts";
import type { FrameSettings } from "../settings.ts";
import { moment, sayIn } from "../texts.ts";
import { Composer } from "./composer.tsx";
import { Around, useAround, type Surroundings } from "./context.ts";
import { CloseIcon, PersonIcon, RestartIcon } from "./icons.tsx";
import { Log } from "./log.tsx";
import { PersonForm } from "./personform.tsx";
import { Restart } from "./restart.tsx";

interface AppProps {
  settings: FrameSettings;
  chat: Chat;
  host: Host | null;
  /** Gives out the function that puts the focus where one writes. */
  ready: (focus: () => void) => void;
}

type Dialog = "" | "person" | "restart";

export function App({ settings, chat, host, ready }: AppProps): VNode {
  const field = useRef<HTMLTextAreaElement>(null);
  const [dialog, setDialog] = useState<Dialog>("");
  const around = useMemo<Surroundings>(() => {
    const focus = () => field.current?.focus();
    return { chat, settings, host, focus, say: sayIn(settings.texts), askForPerson: () => setDialog("person") };
  }, [settings]);
  // Before the page tells that it has opened us, which can be at once.
  useLayoutEffect(() => ready(around.focus), []);
  const close = () => setDialog("");
  return (
    <Around.Provider value={around}>
      <Bar open={setDialog} />
      <Log />
      <footer>
        <Status />
        <Composer field={field} />
        {settings.look.showBranding && <p class="branding">{around.say("branding.text")}</p>}
      </footer>
      {dialog === "person" && <PersonForm close={close} />}
      {dialog === "restart" && <Restart close={close} />}
      <Announcer />
    </Around.Provider>
  );
}

function Bar({ open }: { open: (dialog: Dialog) => void }): VNode {
  const { settings, chat, say, host } = useAround();
  const [hasAvatar, setHasAvatar] = useState(settings.look.avatar !== null);
  const isBegun = chat.entries.value.some(({ id }) => id);
  const { isExpected } = chat.person;
  return (
    <header class="bar">
      {hasAvatar && (
        <img
          class="avatar"
          src={settings.look.avatar ?? ""}
          alt=""
          width="36"
          height="36"
          referrerpolicy="no-referrer"
          onError={() => setHasAvatar(false)}
        />
      )}
      <div class="who">
        <h1 dir="auto">{settings.name}</h1>
        <Hours />
      </div>
      {settings.offersPerson && isBegun && !isExpected && (
        <button
          type="button"
          class="icon"
          aria-label={say("person.request")}
          title={say("person.request")}
          onClick={() => open("person")}
        >
          <PersonIcon />
        </button>
      )}
      {isBegun && (
        <button
          type="button"
          class="icon"
          aria-label={say("header.restart")}
          title={say("header.restart")}
          onClick={() => open("restart")}
        >
          <RestartIcon />
        </button>
      )}
      {host && (
        <button
          type="button"
          class="icon"
          aria-label={say("header.close")}
          title={say("header.close")}
          onClick={() => host.tell({ type: "close" })}
        >
          <CloseIcon />
        </button>
      )}
    </header>
  );
}

/** Whether people are there, and when they come back. */
function Hours(): VNode {
  const { settings, say } = useAround();
  const { open, opensAt } = settings.hours;
  const text = open
    ? say("hours.open")
    : opensAt
      ? say("hours.opens_at", { when: moment(opensAt, settings.locale) })
      : say("hours.closed");
  return (
    <p class={open ? "hours open" : "hours"} dir="auto">
      {text}
    </p>
  );
}

/** Who has the conversation, who types, and whether there is a connection. */
function Status(): VNode {
  const { chat, say } = useAround();
  const { state, name, typing, wasThere } = chat.person;
  let text = "";
  if (chat.connection.value) text = say(`connection.${chat.connection.value}`);
  else if (typing.value !== null) {
    text = typing.value ? say("person.typing", { name: typing.value }) : say("person.typing_unnamed");
  } else if (state.value === "waiting") text = say("person.waiting");
  else if (state.value === "human") {
    text = name.value ? say("person.joined", { name: name.value }) : say("person.joined_unnamed");
  } else if (state.value === "closed" && wasThere.value) text = say("conversation.ended");
  return (
    <p class="status" role="status" dir="auto">
      {text}
    </p>
  );
}

/** Reads each message out once: when it is there, and no history. */
function Announcer(): VNode {
  const { chat } = useAround();
  const [text, setText] = useState("");
  const announced = chat.announced.value;
  useEffect(() => {
    // Screen readers do not repeat an unchanged text, so it is cleared in between.
    setText("");
    const timer = setTimeout(() => setText(announced), 100);
    return () => clearTimeout(timer);
  }, [announced]);
  return (
    <p class="hidden" role="status" id="announcer">
      {text}
    </p>
  );
}
