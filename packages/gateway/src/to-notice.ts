import { toFault, type Diagnostic } from '@gateward/kernel'

/** What was thrown, as a notice for the operator; `id` names the request in which it was. */
export function toNotice(thrown: unknown, id?: string): Diagnostic {
  const { code, message } = toFault(thrown)
  return { code, severity: 'error', message: id === undefined ? message : `${id}: ${message}` }
}
