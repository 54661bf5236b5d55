import { ranked } from "../charts/ranked.js";
import { asChange, asPercent, asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";
import { few } from "./few.js";
import { hhiInWords } from "./words.js";

const HEAD = ["total", "share", "payments", "mean", "median", "growth", "concentration", "largest"];

/** Departments with their figures, the largest first. Choosing one limits the page to it. */
export function drawDepartments(all, state, money) {
  if (all.length === 0) return text("spending.none");
  const { department: chosen } = state.get();
  const most = Math.max(...all.map(({ total }) => Math.abs(Number(total)))) || 1;
  const rows = all.map((each) => ({
    name: each.name || text("spending.unnamed"),
    part: Number(each.total) / most,
    run: each.name ? () => state.set({ department: each.name === chosen ? null : each.name }) : null,
    cells: [
      money.exact(each.total), each.share === null ? "–" : asPercent(each.share), asWhole(each.count),
      money.exact(each.mean), money.exact(each.median), each.growth === null ? "–" : asChange(each.growth),
      hhiInWords(each.hhi), largest(each.top),
    ],
  }));
  return few(rows, (shown) => ranked({
    caption: text("spending.departments"), chosen, hint: text("spending.choose"), rows: shown,
    head: ["spending.department", ...HEAD.map((each) => `spending.${each}`)].map((key) => text(key)),
  }));
}

function largest(vendor) {
  if (!vendor) return "–";
  return vendor.share === null ? vendor.name : `${vendor.name} (${asPercent(vendor.share)})`;
}
