import { defineProblem, type Problem } from '@gateward/kernel'
import type { Violation } from '@gateward/openapi'

/** The refusal of a request that does not keep the contract; its reason names every value and the contract's line. */
export function violationsProblem(
  violations: readonly Violation[],
  settings: { readonly maxViolations: number; readonly status: number },
): Problem {
  const told = violations.slice(0, settings.maxViolations)
  return defineProblem('VALIDATION_ERROR', describeViolations(violations, settings.maxViolations), {
    status: settings.status,
    pointers: told.map((violation) => ({
      in: violation.in,
      pointer: printable(violation.pointer),
      message: messageOf(violation),
    })),
  })
}

/** One line for log and `explain`: place, pointer, what is wrong, and where the contract says so. */
export function describeViolations(violations: readonly Violation[], most: number): string {
  const told = violations.slice(0, most).map(describe)
  if (violations.length > most) told.push(`and ${violations.length - most} more`)
  return told.join(' · ')
}

function describe(violation: Violation): string {
  const { position } = violation
  const place = position === undefined ? '' : `   ${position.file}:${position.line}`
  return `${violation.in} ${printable(violation.pointer)}   ${messageOf(violation)}${place}`
}

// A message may show the beginning of a value; of a secret not even that.
function messageOf(violation: Violation): string {
  if (namesSecret.test(violation.pointer)) return `its value does not keep "${violation.keyword}"`
  return printable(violation.message)
}

const namesSecret =
  /pass(?:word|wd|phrase|code)|pwd|secret|token|api[-_]?key|authorization|credential|cookie|\bpin\b|\b(?:cvv|cvc|ssn|iban)\b|card[-_]?num/i

// Pointers and excerpts come from the client: what a terminal would obey, or a reader not see, is not printed.
function printable(text: string): string {
  const short = text.length > maximumText ? `${text.slice(0, maximumText)}…` : text
  return short.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd')
}

const maximumText = 300
