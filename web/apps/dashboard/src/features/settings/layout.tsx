/** The settings' pages at the side, on a phone above, of the project and of the whole account. */
import { NativeSelect } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useTexts } from "../../texts/index.ts";
import classes from "./layout.module.css";
import { useSettingsPlaces } from "./places.ts";
import { texts } from "./texts.ts";

export function SettingsLayout() {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const groups = useSettingsPlaces();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const isNarrow = useMediaQuery("(max-width: 62em)");
  return (
    <div className={classes.columns}>
      {isNarrow ? (
        <NativeSelect
          aria-label={t.settings}
          className={classes.select}
          value={path}
          onChange={(event) => void navigate({ to: event.currentTarget.value })}
          data={groups.map(({ title, places }) => ({ group: title, items: places.map(({ name, to }) => ({ label: t[name], value: to })) }))}
        />
      ) : (
        <nav className={classes.side} aria-label={t.settings}>
          {groups.map(({ title, places }) => (
            <section key={title}>
              <h2 className={classes.title}>{title}</h2>
              {places.map(({ name, to }) => <Link key={name} to={to} className={classes.link}>{t[name]}</Link>)}
            </section>
          ))}
        </nav>
      )}
      <div className={classes.page}><Outlet /></div>
    </div>
  );
}
