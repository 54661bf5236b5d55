import { button } from "../lib/element.js";
import { asWhole } from "../lib/format.js";
import { text } from "../lib/text.js";

const FEW = 12;

/** The first rows, and a button that shows all. `make(rows)` returns the table or list. */
export function few(rows, make, most = FEW) {
  if (rows.length <= most + 2) return [make(rows)];
  const table = make(rows.slice(0, most));
  const more = button("text-button", text("spending.all", { number: asWhole(rows.length) }), () => {
    const whole = make(rows);
    table.replaceWith(whole);
    more.remove();
    whole.focus();
  });
  return [table, more];
}
