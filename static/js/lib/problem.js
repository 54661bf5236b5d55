import { text } from "./text.js";

/** An answer that is not a success, in the server's own words if it sent any. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** The server's explanation of an answer that is not a success. */
export async function explain(response) {
  try {
    const { detail, title, errors } = await response.json();
    return detail ?? errors?.[0]?.message ?? title;
  } catch {
    return text("server.status", { status: response.status });
  }
}
