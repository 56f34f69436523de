/** A field for a password, whose button to show it is reached by keyboard and named in the person's language. */
import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useTexts } from "../texts/index.ts";
import { texts } from "./texts.ts";

export function PasswordField(props: PasswordInputProps) {
  const t = useTexts(texts);
  return <PasswordInput {...props} visibilityToggleButtonProps={{ "aria-label": t.showTyped, tabIndex: 0 }} />;
}
