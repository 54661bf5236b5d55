import { LANGUAGES, language, rememberLanguage } from "../lib/text.js";

/** The choice of the language, which the link then names. */
export function startLanguage() {
  const select = document.getElementById("language");
  select.replaceChildren(...Object.entries(LANGUAGES).map(([tag, name]) => new Option(name, tag)));
  select.value = language;
  select.addEventListener("change", () => {
    rememberLanguage(select.value);
    const others = location.hash.replace(/^#/, "").split("&").filter((part) => part && !part.startsWith("lang="));
    history.replaceState(null, "", `${location.pathname}#${[...others, `lang=${select.value}`].join("&")}`);
    location.reload();
  });
}
