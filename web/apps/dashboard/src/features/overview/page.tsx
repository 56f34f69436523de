/** How a project does: what waits now, and the numbers of a range beside those of the one before. */
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { projectQuery } from "../../api/queries.ts";
import { useCommands } from "../../app/commands.ts";
import { ApiCalls } from "../../parts/apicalls.tsx";
import { Page } from "../../parts/page.tsx";
import { Failure, Loading } from "../../parts/states.tsx";
import { date } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import { FirstSteps } from "./firststeps.tsx";
import { Now } from "./now.tsx";
import classes from "./overview.module.css";
import { RangePicker } from "./picker.tsx";
import { overviewQuery } from "./queries.ts";
import { LENGTHS, rangeOf } from "./range.ts";
import { texts } from "./texts.ts";
import { Tiles } from "./tiles.tsx";

const route = getRouteApi("/p/$projectId/overview");

export function OverviewPage() {
  const t = useTexts(texts);
  const { projectId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: project } = useSuspenseQuery(projectQuery(projectId));
  const range = rangeOf(search, project.settings.office_hours.timezone);
  const isBackwards = range.from > range.to;
  const { data: found, error, refetch, isPlaceholderData } = useQuery({ ...overviewQuery(projectId, range), enabled: !isBackwards });
  useCommands(LENGTHS.map((days) => ({ id: `range-${days}`, label: `${t.range}: ${t.lastDays(days)}`, group: t.overview, run: () => void navigate({ search: { days } }) })));
  return (
    <Page title={t.title} actions={<RangePicker search={search} range={range} choose={(next, isTyped) => void navigate({ search: next, replace: isTyped })} />}>
      <FirstSteps project={project} />
      {isBackwards && <p role="alert">{t.wrongOrder}</p>}
      {error && !found && <Failure error={error} retry={() => void refetch()} />}
      {!found && !error && !isBackwards && <Loading rows={8} />}
      {found && !isBackwards && (
        <div className={classes.content} aria-busy={isPlaceholderData}>
          <Now projectId={projectId} overview={found} />
          <Tiles projectId={projectId} overview={found} />
          <p className={classes.note}>{t.before(date(`${found.previous.from}T12:00:00`), date(`${found.previous.to}T12:00:00`))}</p>
        </div>
      )}
      <ApiCalls calls={[{ method: "GET", path: `/v1/projects/${projectId}/overview?from=${range.from}&to=${range.to}` }]} />
    </Page>
  );
}
