import type { Diagnostic } from '@gateward/kernel'
import type { ByteString } from '../language/bytes.ts'
import { expandMacro } from '../macros/expand-macro.ts'
import type { MacroScope } from '../macros/macro.ts'
import { compileOperator } from './compile-operator.ts'
import type { CompiledOperator } from './operator.ts'

/** What came of compiling an operator as a rule writes it. */
export interface Compiled {
  readonly operator: CompiledOperator | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Compiles an operator in a folder `/rules` that has the given data files. */
export function compile(
  name: string,
  argument: string,
  files: Readonly<Record<string, string>> = {},
): Compiled {
  const diagnostics: Diagnostic[] = []
  const operator = compileOperator(
    { name, argument, negated: false },
    {
      directory: '/rules',
      report: (diagnostic) => diagnostics.push(diagnostic),
      readData(file) {
        const content = files[file]
        if (content === undefined) throw new Error(`no such file, ${file}`)
        return content as ByteString
      },
    },
  )
  return { operator, diagnostics }
}

/** Whether an operator holds for a value, where macros have the given values. */
export function holds(
  name: string,
  argument: string,
  value: string,
  variables: Readonly<Record<string, string>> = {},
): boolean {
  const { operator, diagnostics } = compile(name, argument)
  if (operator === undefined || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics))
  return operator.test(value as ByteString, scopeOf(variables), undefined)
}

/** What an operator captures in a value, by the index of the capture. */
export function captured(name: string, argument: string, value: string): Record<number, string> {
  const values: Record<number, string> = {}
  const { operator } = compile(name, argument)
  operator?.test(value as ByteString, scopeOf({}), {
    set(index, capture) {
      values[index] = capture
    },
  })
  return values
}

/** A scope whose variables have the given values, by `NAME` or `NAME.key`. */
export function scopeOf(variables: Readonly<Record<string, string>>): MacroScope {
  return {
    expand: (template) =>
      expandMacro(template, ({ variable, key }) => {
        return (variables[key === undefined ? variable : `${variable}.${key}`] ?? '') as ByteString
      }),
  }
}
