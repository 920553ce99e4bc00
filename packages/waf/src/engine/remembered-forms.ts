import type { ByteString } from '../language/bytes.ts'
import type { Transformation } from '../transformations/transformation.ts'

/** Shorter values cost less to transform again. */
const worthKeeping = 1_024

/** Most forms that are kept: about as many as rules ask for of one value. */
const mostKept = 32

interface Form {
  readonly transformation: Transformation
  readonly value: ByteString
  readonly form: ByteString
}

let forms: Form[] = []

/** What a transformation makes of a value. Of a long one it is kept until the phase ends: screens ask first, then the rules that match. */
export function transformed(transformation: Transformation, value: ByteString): ByteString {
  if (value.length < worthKeeping) return transformation(value)
  for (const kept of forms) {
    if (kept.transformation === transformation && kept.value === value) return kept.form
  }
  const form = transformation(value)
  if (forms.length < mostKept) forms.push({ transformation, value, form })
  return form
}

/** Forgets what was kept. */
export function forgetForms(): void {
  if (forms.length > 0) forms = []
}
