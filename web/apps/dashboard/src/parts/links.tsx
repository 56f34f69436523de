/** Links to our own pages that look like Mantine's, with checked addresses and parameters. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type Native<Styled> = Styled & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Styled> & { ref?: Ref<HTMLAnchorElement> };

export const AnchorLink = createLink((props: Native<AnchorProps>) => <Anchor {...props} />);
export const ButtonLink = createLink((props: Native<ButtonProps>) => <Button component="a" {...props} />);
