/** The URL under which the files and the API of this server are; pages may be in folders of it. */
export const root = new URL("../../", import.meta.url).href;
