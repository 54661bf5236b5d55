import { recall, remember } from "./memory.js";
import { english } from "./texts/en.js";

// English stands in where another language lacks a text; a reader of English loads no other.
const TABLES = {
  en: async () => english,
  fr: async () => (await import("./texts/fr.js")).french,
};
const USUAL = { en: "en-GB", fr: "fr-CA" };
const KEY = "hextant-language";

/** The languages that the page has, each with its own name. */
export const LANGUAGES = { en: "English", fr: "Français" };

/** The language of the page: that of the link, the one chosen before, or the first of the browser's that there is. */
export const language = choose();

/** The locale of numbers and dates: the browser's own variety of the language, such as fr-CA, or a usual one. */
export const locale = navigator.languages.find((each) => primary(each) === language) ?? USUAL[language];

const table = await TABLES[language]().catch(() => english);
const plurals = formatter(Intl.PluralRules);

/**
 * The text of a key with its `{places}` filled in. A text with forms for one and for many is chosen by `values.count`;
 * write the number itself as another place, formatted.
 */
export function text(key, values = {}) {
  const entry = table[key] ?? english[key];
  // A name that only a newer server knows.
  if (entry === undefined) return "";
  const form = typeof entry === "string" ? entry : (entry[plurals().select(values.count)] ?? entry.other);
  return form.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Puts the texts into a part of the page: `data-t` names the content, `data-t-label` and `data-t-title` attributes. */
export function translate(root) {
  document.documentElement.lang = locale;
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = text(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) node.ariaLabel = text(node.dataset.tLabel);
  for (const node of root.querySelectorAll("[data-t-title]")) node.title = text(node.dataset.tTitle);
}

/** A function that returns a formatter of the page's locale. Creating one takes long, so it waits for the first use. */
export function formatter(Kind, options) {
  let made = null;
  return () => (made ??= new Kind(locale, options));
}

/** Keeps a choice for later visits; a link that names a language wins over it. */
export function rememberLanguage(chosen) {
  remember(KEY, chosen);
}

function choose() {
  const linked = [location.hash.replace(/^#/, ""), location.search]
    .map((part) => new URLSearchParams(part).get("lang"));
  const wanted = [...linked, recall(KEY), ...navigator.languages.map(primary)];
  return wanted.find((each) => each in TABLES) ?? "en";
}

function primary(tag) {
  return tag.toLowerCase().split("-")[0];
}
