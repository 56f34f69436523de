import { Problem } from "@answerdesk/api";
import { Failure } from "../parts/states.tsx";

export function Missing() {
  return <Failure error={new Problem("", "page_not_found", 404)} />;
}
