import { ask } from "../lib/api.js";
import { button, element } from "../lib/element.js";
import { save } from "../lib/save.js";
import { isSignedIn } from "../lib/session.js";
import { text } from "../lib/text.js";

/**
 * One part of the page with a title: it shows an answer, or says that it is on its way, empty, failed or not for this
 * reader. `answer` is what `asked` returns, `draw(value)` returns the nodes to show, or a sentence where there are
 * none. `csv()` returns {url, name} of the same figures as a file; without it there is no button for that.
 */
export function startSection(id, answer, { draw, csv }) {
  const section = document.getElementById(id);
  const content = section.querySelector(".section-content");
  const status = element("p", { class: "hint", role: "status" });
  const take = csv && button("field", "CSV", () => takeFile(csv(), status), {
    "aria-label": text("spending.csv", { title: text(`spending.${id}`) }),
  });
  if (take) section.querySelector(".section-head").append(take);
  section.append(status);

  answer.follow(({ phase, value, problem }) => {
    section.dataset.phase = phase;
    content.setAttribute("aria-busy", String(phase === "loading"));
    if (take) take.hidden = phase !== "ready";
    status.textContent = "";
    if (phase === "failed") replace(content, refusal(problem, answer.ask));
    else if (value === undefined) replace(content, [element("p", { class: "hint", text: text("loading") })]);
    else if (phase === "ready") replace(content, shown(draw(value)));
  });
}

/** Shows other nodes. The focus stays on what has the same name, or else in the section. */
function replace(content, nodes) {
  const focused = content.contains(document.activeElement) ? document.activeElement : null;
  content.replaceChildren(...nodes);
  if (!focused) return;
  const same = [...content.querySelectorAll("button")].find((each) => each.textContent === focused.textContent);
  (same ?? content).focus();
}

function shown(drawn) {
  return typeof drawn === "string" ? [element("p", { class: "hint empty", text: drawn })] : drawn.filter(Boolean);
}

/** What is shown instead of an answer. Who has not signed in may be allowed to see it afterwards. */
function refusal(problem, again) {
  if (problem.status === 401 || (problem.status === 403 && !isSignedIn())) {
    return [
      element("p", { class: "hint", text: text("spending.signIn") }),
      button("text-button", text("account.in"), () => document.getElementById("account").click()),
    ];
  }
  const key = problem.status === 403 ? "spending.forbidden" : "spending.failed";
  return [
    element("p", { class: "fault", text: text(key, { reason: problem.message }) }),
    button("text-button", text("retry"), again),
  ];
}

async function takeFile({ url, name }, status) {
  try {
    save(await (await ask(url, { headers: { Accept: "text/csv" } })).blob(), name);
    status.textContent = text("take.saved", { name });
  } catch (problem) {
    status.textContent = text("take.failed", { reason: problem.message });
  }
}
