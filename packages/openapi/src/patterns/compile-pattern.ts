import type { Severity } from '@gateward/kernel'
import { absorbLookaheads } from './absorb-lookaheads.ts'
import { createTester, isAnchored } from './linear-engine.ts'
import type { Tester } from './linear-engine.ts'
import { parsePattern } from './parse-pattern.ts'
import { growthOf } from './pattern-growth.ts'
import type { PatternNode } from './pattern-node.ts'
import { simplifyPattern } from './simplify-pattern.ts'
import { writePattern } from './write-pattern.ts'

/** What its author should know of a pattern. */
export interface PatternAdvice {
  readonly severity: Severity
  readonly code: 'invalid-pattern' | 'catastrophic-pattern' | 'unsafe-pattern' | 'slow-pattern'
  readonly message: string
  readonly fix: string
}

/** A regular expression that is safe to run on any text. */
export interface CompiledPattern {
  readonly source: string
  /** Whether the pattern occurs in the text, in linear time; never where it could not be compiled. */
  readonly test: Tester
  /** An error where the pattern cannot be used, a warning where it deserves a better form. */
  readonly advice: PatternAdvice | undefined
}

const boundedForm = 'write it without backreferences, and lookaheads only right behind ^'
const separatedForm =
  'let what is repeated begin with a character that cannot stand inside it, such as a separator'

const longestSource = 8192
const compiled = new Map<string, CompiledPattern>()
const mostCompiled = 4096

/**
 * Compiles a pattern of a schema (ECMA-262 with the `u` flag, as JSON Schema recommends). Whatever the pattern,
 * no text can make `test` take more than linear time: see `createTester`.
 */
export function compilePattern(source: string): CompiledPattern {
  const known = compiled.get(source)
  if (known !== undefined) return known
  const pattern = compileAnew(source)
  if (compiled.size >= mostCompiled) compiled.clear()
  compiled.set(source, pattern)
  return pattern
}

function compileAnew(source: string): CompiledPattern {
  const name = source.length > 80 ? `${source.slice(0, 79)}…` : source
  if (source.length > longestSource)
    return refuse(
      source,
      'unsafe-pattern',
      `pattern ${name} is longer than ${longestSource} characters`,
      'shorten it',
    )
  const fault = syntaxFault(source)
  if (fault !== undefined)
    return refuse(
      source,
      'invalid-pattern',
      `pattern ${name} is no regular expression: ${fault}`,
      'correct it',
    )
  const parsed = parsePattern(source)
  const node = parsed === undefined ? undefined : absorbLookaheads(parsed)
  const test = node === undefined ? undefined : createTester(node)
  const growth = node === undefined ? 'unknown' : growthOf(node)
  if (parsed !== undefined && growth === 'exponential')
    return { source, test: test ?? never, advice: catastrophic(name, parsed, test !== undefined) }
  if (parsed === undefined || test === undefined) {
    const message = `pattern ${name} needs backtracking that cannot be bounded`
    return refuse(source, 'unsafe-pattern', message, boundedForm)
  }
  return { source, test, advice: growth === 'polynomial' ? slow(name, parsed) : undefined }
}

// Where the linear engine runs it, it harms nobody here; the service behind may run it by backtracking.
function catastrophic(name: string, node: PatternNode, isTamed: boolean): PatternAdvice {
  const simpler = simplifyPattern(node)
  const helped = growthOf(simpler) !== 'exponential' && createTester(absorbLookaheads(simpler)) !== undefined
  return {
    severity: isTamed ? 'warning' : 'error',
    code: 'catastrophic-pattern',
    message: `pattern ${name} can take exponential time${isTamed ? '; here it runs in linear time' : ''}`,
    fix: helped ? `write ${writePattern(simpler)}` : isTamed ? separatedForm : boundedForm,
  }
}

function slow(name: string, node: PatternNode): PatternAdvice {
  return {
    severity: 'warning',
    code: 'slow-pattern',
    message: `pattern ${name} takes time that grows with the square of the text, or faster, where it is run by backtracking`,
    fix: isAnchored(node)
      ? 'let neighbouring repetitions match different characters; Gateward runs it in linear time'
      : 'begin it with ^; Gateward runs it in linear time',
  }
}

function refuse(
  source: string,
  code: 'invalid-pattern' | 'unsafe-pattern',
  message: string,
  fix: string,
): CompiledPattern {
  return { source, test: never, advice: { severity: 'error', code, message, fix } }
}

function never(): boolean {
  return false
}

// Many contracts escape more than the `u` flag allows; what both syntaxes refuse is a mistake.
function syntaxFault(source: string): string | undefined {
  try {
    RegExp(source, 'u').test('')
    return undefined
  } catch (error) {
    if (isLenientlyValid(source)) return undefined
    return error instanceof Error ? error.message.replace(/^.*\/[a-z]*: /s, '') : 'unknown syntax'
  }
}

function isLenientlyValid(source: string): boolean {
  try {
    RegExp(source).test('')
    return true
  } catch {
    return false
  }
}
