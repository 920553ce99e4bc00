import type { ByteString } from '../language/bytes.ts'
import { compileMacro } from '../macros/compile-macro.ts'
import type { OperatorFactory } from './operator.ts'

/** `@streq`: the value is the argument. */
export const streq = textOperator((value, text) => value === text)

/** `@contains`: the argument is somewhere in the value. */
export const contains = textOperator((value, text) => value.includes(text))

/** `@beginsWith`: the value begins with the argument. */
export const beginsWith = textOperator((value, text) => value.startsWith(text))

/** `@endsWith`: the value ends with the argument. */
export const endsWith = textOperator((value, text) => value.endsWith(text))

/** `@within`: the value is somewhere in the argument. */
export const within = textOperator((value, text) => text.includes(value), false)

/** `@containsWord`: the argument is in the value with no letter, digit or underscore on either side. */
export const containsWord = textOperator((value, text) => {
  if (text === '') return true
  for (let start = value.indexOf(text); start >= 0; start = value.indexOf(text, start + 1)) {
    if (!isWordByte(value.charCodeAt(start - 1)) && !isWordByte(value.charCodeAt(start + text.length)))
      return true
  }
  return false
})

/** @param isHeld whether the value has the argument in it wherever the operator holds */
function textOperator(
  holds: (value: ByteString, text: ByteString) => boolean,
  isHeld = true,
): OperatorFactory {
  return (argument) => {
    const compiled = compileMacro(argument)
    if (compiled.kind === 'template') {
      return { macro: true, test: (value, scope) => holds(value, scope.expand(compiled)) }
    }
    const text = compiled.value
    return { macro: false, test: (value) => holds(value, text), ...(isHeld && { phrases: [text] }) }
  }
}

/** Beyond either end of a text the byte is NaN, which is none. */
function isWordByte(byte: number): boolean {
  const lower = byte | 0x20
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x7a) || byte === 0x5f
}
