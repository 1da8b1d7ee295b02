/** What is wrong with one field of what was sent, and how to mend it. */
export interface FieldProblem {
  /** As in the body of the request, for example `rings[0].after_seconds`. */
  field: string;
  problem: string;
  remedy?: string;
  /** Where in the text of the field; the index counts from 0. */
  place?: { index: number; line: number; column: number } | null;
}

/** What the server says when it refuses: problem details of RFC 9457, with the remedy that Cordboard adds. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly remedy: string | undefined;
  /** Seconds until it makes sense to try again, when the server said so. */
  readonly retryAfter: number | undefined;
  /** Empty when it is not about single fields. */
  readonly fields: readonly FieldProblem[];

  constructor(of: {
    status: number;
    title: string;
    detail?: string | undefined;
    remedy?: string | undefined;
    retryAfter?: number | undefined;
    fields?: readonly FieldProblem[];
  }) {
    super(of.title);
    this.status = of.status;
    this.title = of.title;
    this.detail = of.detail;
    this.remedy = of.remedy;
    this.retryAfter = of.retryAfter;
    this.fields = of.fields ?? [];
  }

  /** Nothing answered at all: the server is down or the network is. */
  get unreachable(): boolean {
    return this.status === 0;
  }

  static async from(response: Response): Promise<Problem> {
    const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
    let body: Record<string, unknown> = {};
    if ((response.headers.get('Content-Type') ?? '').includes('json')) {
      body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    }
    return new Problem({
      status: response.status,
      title: text(body['title']) ?? text(body['message']) ?? `HTTP ${response.status}`,
      detail: text(body['detail']),
      remedy: text(body['remedy']),
      retryAfter: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
      fields: fields(body['fields']),
    });
  }

  static of(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return new Problem({ status: 0, title: '', detail: error instanceof Error ? error.message : undefined });
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fields(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (each: FieldProblem) => text(each?.field) !== undefined && text(each.problem) !== undefined,
  );
}
