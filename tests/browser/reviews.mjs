// Finds the question that a reviewer is asked about a record, by the command line as a reviewer would.
import { eventually } from "./demo.mjs";
import { CASE_SYSTEM, BOARD_RECORDS } from "./world.mjs";

/** The review about a person's council record, and the candidate whom their portal record stands for. */
export async function findReview(yett, { council, portal }) {
  let found = null;
  await eventually(`a question about ${council}`, async () => (found = await find(yett, council, portal)), 20_000);
  return found;
}

async function find(yett, council, portal) {
  const rows = JSON.parse(await yett("review", "list", "--json"));
  for (const [review] of rows) {
    const lines = (await yett("review", "show", review)).split("\n");
    if (!lines.some((line) => line.includes(`${CASE_SYSTEM} ${council}:`))) continue;
    const at = lines.findIndex((line) => line.includes(`${BOARD_RECORDS} ${portal}:`));
    const person = lines[at - 1]?.match(/^candidate (\S+)/)?.[1];
    if (person) return { review, person };
  }
  return null;
}
