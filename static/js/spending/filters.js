import { button, element } from "../lib/element.js";
import { text } from "../lib/text.js";
import { STEPS } from "./link.js";
import { periodName } from "./words.js";

const byId = (id) => document.getElementById(id);
/** The choices that limit what is shown. All of them off is the whole dataset. */
export const LIMITS = ["year", "department", "vendor", "from", "to"];

/** The controls at the top. `years` and `names` are answers with what there is to choose of the dataset. */
export function startFilters(state, { years, names }) {
  select("year", state, (value) => (value === "" ? null : Number(value)));
  select("department", state, (value) => value || null);
  select("by", state, (value) => value);
  byId("by").replaceChildren(...STEPS.map((step) => new Option(text(`spending.by.${step}`), step)));
  for (const id of ["vendor", "from", "to"]) {
    byId(id).addEventListener("change", ({ target }) => {
      if (target.validity.valid) state.set({ [id]: target.value.trim() || null });
    });
  }
  byId("filters").addEventListener("submit", (event) => event.preventDefault());

  const fill = () => {
    const { year, department } = state.get();
    options("year", years.get().value ?? [], year, text("spending.allYears"), yearName);
    const departments = names.get().value?.departments ?? [];
    options("department", departments, department, text("spending.allDepartments"), (each) => each);
  };
  years.follow(fill);
  names.follow(({ value }) => {
    fill();
    byId("vendor-names").replaceChildren(...(value?.vendors ?? []).map((each) => element("option", { value: each })));
  });
  state.follow(["year", "department", "vendor", "from", "to", "by"], (values) => {
    fill();
    byId("by").value = values.by;
    for (const id of ["vendor", "from", "to"]) byId(id).value = values[id] ?? "";
    byId("from").max = values.to ?? "";
    byId("to").min = values.from ?? "";
    const isLimited = LIMITS.some((key) => values[key] !== null);
    byId("clear").replaceChildren(...(isLimited ? [button("text-button", text("spending.clear"), () => {
      state.set(Object.fromEntries(LIMITS.map((key) => [key, null])));
      byId("year").focus();
    })] : []));
  });
}

const yearName = (year) => periodName(String(year), "fiscal_year");

function select(id, state, read) {
  byId(id).addEventListener("change", ({ target }) => state.set({ [id]: read(target.value) }));
}

/** The options of a select, in which what is chosen is there even if the dataset no longer has it. */
function options(id, values, chosen, none, write) {
  const all = chosen === null || values.includes(chosen) ? values : [chosen, ...values];
  byId(id).replaceChildren(new Option(none, ""), ...all.map((each) => new Option(write(each), each)));
  byId(id).value = chosen ?? "";
}
