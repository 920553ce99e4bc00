import { closest, type Diagnostic, type SourcePosition } from '@gateward/kernel'
import { isScalar, Scalar, visit, type Document } from 'yaml'
import { unmaskReferences } from './variable-reference.ts'

interface Substitution {
  /** The nodes whose text came, in part or whole, from the environment. */
  readonly substituted: ReadonlySet<unknown>
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Puts environment variables in place of `${NAME}` and `${NAME:-default}` (the default counts where the variable is
 * unset or empty) in the values of a parsed document; `$${` stands for `${` itself. It works on scalars that are
 * already parsed, so no variable can add a key or end a string. A plain scalar is then read again as YAML reads it
 * (`8443` is a number); a quoted one stays a string.
 */
export function substituteVariables(
  document: Document,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  positionAt: (offset: number) => SourcePosition,
): Substitution {
  const substituted = new Set<unknown>()
  const diagnostics: Diagnostic[] = []
  visit(document, {
    Scalar(key, node) {
      if (typeof node.value !== 'string') return
      const template = unmaskReferences(node.value)
      node.value = template
      if (!template.includes('${')) return
      const start = node.range?.[0] ?? 0
      const positionOf = (reference: string): SourcePosition => {
        const offset = text.indexOf(reference, start)
        return positionAt(offset === -1 || offset >= (node.range?.[1] ?? 0) ? start : offset)
      }
      if (key === 'key') {
        diagnostics.push(
          mistake('a name cannot come from the environment', 'write the name out', positionAt(start)),
        )
        return
      }
      const expansion = expand(template, env)
      for (const { reference, message, fix } of expansion.mistakes)
        diagnostics.push(mistake(message, fix, positionOf(reference)))
      node.value = node.type === Scalar.PLAIN ? resolvePlain(document, expansion.text) : expansion.text
      if (expansion.used) substituted.add(node)
    },
  })
  return { substituted, diagnostics }
}

interface Mistake {
  readonly reference: string
  readonly message: string
  readonly fix: string
}

interface Expansion {
  readonly text: string
  readonly used: boolean
  readonly mistakes: readonly Mistake[]
}

const variablePattern = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?$/

function expand(template: string, env: Readonly<Record<string, string | undefined>>): Expansion {
  const mistakes: Mistake[] = []
  let text = ''
  let used = false
  let at = 0
  for (let open = template.indexOf('${'); open !== -1; open = template.indexOf('${', at)) {
    if (open > at && template[open - 1] === '$') {
      text += template.slice(at, open - 1) + '${'
      at = open + 2
      continue
    }
    const close = template.indexOf('}', open)
    if (close === -1) {
      mistakes.push(unclosed(template.slice(open, open + 20)))
      break
    }
    const reference = template.slice(open, close + 1)
    const value = readVariable(reference, env)
    if (typeof value !== 'string') mistakes.push(value)
    text += template.slice(at, open) + (typeof value === 'string' ? value : '')
    used = true
    at = close + 1
  }
  return { text: text + template.slice(at), used, mistakes }
}

function readVariable(
  reference: string,
  env: Readonly<Record<string, string | undefined>>,
): string | Mistake {
  const match = variablePattern.exec(reference.slice(2, -1))
  if (match === null) {
    return {
      reference,
      message: `${reference.slice(0, 60)} does not name an environment variable`,
      fix: 'write ${NAME} or ${NAME:-default}, or $${ for the characters themselves',
    }
  }
  const [, name = '', byDefault] = match
  // Only own members: `${constructor}` names a variable like any other.
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  if (value !== undefined && (value !== '' || byDefault === undefined)) return value
  if (byDefault !== undefined) return byDefault
  const near = closest(name, Object.keys(env))
  return {
    reference,
    message: `the environment variable ${name} is not set`,
    fix: `${near === undefined ? '' : `did you mean ${near}? else `}set it, or write \${${name}:-default}`,
  }
}

function unclosed(reference: string): Mistake {
  return {
    reference,
    message: '${ has no closing }',
    fix: 'write ${NAME}, or $${ for the characters themselves',
  }
}

/** An empty text stays a text: only what the author left empty is null. */
function resolvePlain(document: Document, text: string): unknown {
  if (text === '') return text
  for (const tag of document.schema.tags) {
    if (tag.default !== true || !('test' in tag) || tag.test === undefined || !tag.test.test(text)) continue
    const resolved: unknown = tag.resolve(text, ignore, document.options)
    return isScalar(resolved) ? resolved.value : resolved
  }
  return text
}

function ignore(): void {}

function mistake(message: string, fix: string, position: SourcePosition): Diagnostic {
  return { code: 'environment-variable', severity: 'error', message, fix, position }
}
