/** An answer that is no success, told in the server's own words where it gave any. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** What the server says of an answer that is no success. */
export async function explain(response) {
  try {
    const { detail, title, errors } = await response.json();
    return detail ?? errors?.[0]?.message ?? title;
  } catch {
    return `The server answered with status ${response.status}.`;
  }
}
