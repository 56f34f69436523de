/** What every part of the frame needs. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Chat } from "../chat.ts";
import type { Host } from "../host.ts";
import type { FrameSettings } from "../settings.ts";
import type { Say } from "../texts.ts";

export interface Surroundings {
  chat: Chat;
  settings: FrameSettings;
  say: Say;
  host: Host | null;
  /** Open the form that asks for a person. */
  askForPerson: () => void;
  /** Put the focus where one writes. */
  focus: () => void;
}

export const Around = createContext<Surroundings>(null as unknown as Surroundings);

export const useAround = (): Surroundings => useContext(Around);
