/** Why the server did not do what was asked (RFC 9457), or that it cannot be reached (status 0). */
export type FieldProblem = { field: string; problem: string };

export class Problem extends Error {
  status: number;
  code: string;
  detail: string;
  retryAfter: number;
  fields: FieldProblem[];

  constructor(status: number, code: string, detail = "", retryAfter = 0, fields: FieldProblem[] = []) {
    super(detail || code);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.retryAfter = retryAfter;
    this.fields = fields;
  }

  static of(response: Response, body: unknown): Problem {
    const told = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    const detail = String(told.detail || told.title || "");
    const wait = Number(response.headers.get("Retry-After")) || 0;
    const fields = Array.isArray(told.errors) ? (told.errors as FieldProblem[]) : [];
    return new Problem(response.status, String(told.code ?? ""), detail, wait, fields);
  }

  static unreachable(fault: unknown): Problem {
    return new Problem(0, "unreachable", String(fault));
  }
}

export function isProblem(fault: unknown, code: string): fault is Problem {
  return fault instanceof Problem && fault.code === code;
}
