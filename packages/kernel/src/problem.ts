import { problemCatalog, type ProblemCode } from './problem-catalog.ts'

/** One value of a request that did not keep the contract; shown to clients only where the operator allows it. */
export interface ProblemPointer {
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'body'
  /** A JSON Pointer (RFC 6901) into the body, or the parameter's name. */
  readonly pointer: string
  readonly message: string
}

/** A refused request, as a value (RFC 9457). */
export interface Problem {
  readonly code: ProblemCode
  readonly status: number
  /** What the operator may read in log and `explain`; never sent to the client. */
  readonly reason: string
  /** Response headers that belong to the refusal (`WWW-Authenticate`, `Retry-After`, `Allow`): lower-case names. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly pointers: readonly ProblemPointer[]
}

/** Makes a refusal of a catalog code; status and prose come from the catalog. */
export function defineProblem(
  code: ProblemCode,
  reason: string,
  extra?: {
    readonly status?: number
    readonly headers?: readonly (readonly [name: string, value: string])[]
    readonly pointers?: readonly ProblemPointer[]
  },
): Problem {
  return {
    code,
    status: extra?.status ?? problemCatalog[code].status,
    reason,
    headers: extra?.headers ?? [],
    pointers: extra?.pointers ?? [],
  }
}

/** The body the client sees, `application/problem+json`; `pointers` only where the operator shows them. */
export function renderProblem(problem: Problem, requestId: string, showPointers: boolean): string {
  const entry = problemCatalog[problem.code]
  return JSON.stringify({
    type: entry.type,
    title: entry.title,
    status: problem.status,
    error: entry.title,
    code: problem.code,
    requestId,
    ...(showPointers && problem.pointers.length > 0 ? { errors: problem.pointers } : {}),
  })
}
