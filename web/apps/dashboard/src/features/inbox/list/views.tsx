/** The views of the inbox: four at hand, the others and the saved ones in a menu. */
import { Menu } from "@mantine/core";
import { useCommands } from "../../../app/commands.ts";
import { useStore } from "../../../live/hooks.ts";
import { Icon } from "../../../parts/icons.tsx";
import { number } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { useInboxAddress } from "../address.ts";
import { countOf, type Filters, type SavedView, VIEWS, type ViewName } from "../filters.ts";
import { texts } from "../texts.ts";
import classes from "./list.module.css";
import { useSavedMenu } from "./savedviews.tsx";

const AT_HAND = 4;

/** Without `filters` no list is shown: the saved view that the address names is not here. */
export function Views({ filters, saved }: { filters?: Filters; saved?: SavedView }) {
  const t = useTexts(texts);
  const store = useStore("counts", "all");
  const { change, href } = useInboxAddress();
  const known = VIEWS.filter((one) => store.me || one !== "mine");
  const chosen = saved ? undefined : filters?.view;
  const menu = useSavedMenu({ filters, chosen: saved });
  const choose = (view: ViewName) => change({ view, saved: undefined, conversation: undefined, answer: undefined });
  useCommands(known.map((one, place) => ({ id: `inbox-view-${one}`, label: `${t.views}: ${t.view[one]}`, group: t.title, keys: String(place + 1), run: () => choose(one) })));
  const hidden = known.slice(AT_HAND);
  const current = hidden.find((one) => one === chosen);
  const shown = saved?.name ?? (current && t.view[current]);
  return (
    <nav className={classes.views} aria-label={t.views}>
      {known.slice(0, AT_HAND).map((one) => (
        <a
          key={one}
          className={classes.view}
          href={href({ view: one, saved: undefined, conversation: undefined })}
          aria-current={one === chosen ? "page" : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            choose(one);
          }}
        >
          {t.view[one]}
          <Count of={countOf(one, store.counts)} />
        </a>
      ))}
      <Menu position="bottom-end">
        <Menu.Target>
          <button type="button" className={classes.view} data-chosen={shown ? true : undefined}>
            <span className={classes.viewName} dir="auto">{shown ?? t.moreViews}</span>
            {current && <Count of={countOf(current, store.counts)} />}
            <Icon name="down" size={14} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {hidden.map((one) => (
            <Menu.Item key={one} onClick={() => choose(one)} aria-current={one === chosen ? "page" : undefined} rightSection={<Count of={countOf(one, store.counts)} />}>
              {t.view[one]}
            </Menu.Item>
          ))}
          {menu.items}
        </Menu.Dropdown>
      </Menu>
      {menu.dialog}
    </nav>
  );
}

/** There is room for it before anything is counted: news moves no view away from who is about to choose it. */
function Count({ of }: { of: number | null }) {
  return of === null ? null : <span className={classes.count}>{of > 0 && ` ${number(of)}`}</span>;
}
