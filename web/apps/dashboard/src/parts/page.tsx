/** The frame of a page: its title, what can be done with all of it, its content. */
import { Box, Group, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import classes from "./page.module.css";

type Props = {
  title: string;
  /** One sentence under the title, where the title alone does not tell what the page is for. */
  lead?: ReactNode;
  actions?: ReactNode;
  /** As wide as the window, for lists beside what is chosen in them. */
  wide?: boolean;
  children: ReactNode;
};

export function Page({ title, lead, actions, wide, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Answerdesk`;
  }, [title]);
  return (
    <Box className={wide ? classes.wide : classes.page}>
      <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
        <div className={classes.heading}>
          <Title order={1} size="h2">{title}</Title>
          {lead && <Text c="dimmed" mt={4}>{lead}</Text>}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}
