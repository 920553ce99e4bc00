import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseRules } from '../1-parse/parse-rules.ts'
import type { ByteString } from '../language/bytes.ts'
import { bytesOf } from '../language/bytes.ts'
import { BoundedRegExp } from './bounded-regexp.ts'
import { buildAutomaton } from './build-automaton.ts'
import type { CompiledRegex } from './compile-regex.ts'
import { compileRegex } from './compile-regex.ts'
import { LazyAutomaton } from './lazy-automaton.ts'
import { parseRegex } from './parse-regex.ts'
import { releaseAtoms } from './release-atoms.ts'
import { sampleOf } from './testing.ts'
import { unrollCounts } from './unroll.ts'
import { valueFacts } from './value-facts.ts'

/** Rules of Debian's package modsecurity-crs, and of a checkout of CRS 4 where GATEWARD_CRS4 names one. */
const folders = ['/usr/share/modsecurity-crs/rules', join(process.env['GATEWARD_CRS4'] ?? '', 'rules')]
const files = folders.filter(existsSync).flatMap((folder) => globSync(`${folder}/*.conf`))
const skip = files.length === 0 && "no rule set is here: install Debian's package modsecurity-crs"

function sourcesOf(file: string): readonly string[] {
  return parseRules(readFileSync(file, 'latin1'), file).statements.flatMap((statement) =>
    statement.kind === 'rule' &&
    statement.operator.name === 'rx' &&
    !statement.operator.argument.includes('%{')
      ? [statement.operator.argument]
      : [],
  )
}

const patterns: readonly CompiledRegex[] = [...new Set(files.flatMap(sourcesOf))].flatMap((source) => {
  const compiled = compileRegex(source)
  return compiled.kind === 'regex' ? [compiled] : []
})

/** Texts near to what a pattern matches: samples of it, their beginnings, its literals. */
function seedsOf(pattern: CompiledRegex, choose: (below: number) => number): readonly ByteString[] {
  const parsed = parseRegex(pattern.source)
  assert.equal(parsed.kind, 'parsed')
  const samples = [1, 2].map(() => (parsed.kind === 'parsed' ? sampleOf(parsed.root, choose) : ''))
  const literals = pattern.prefilter.literals.flatMap((set) => set.slice(0, 2))
  const beginnings = samples.flatMap((sample) => [sample.slice(0, -1), sample.slice(0, sample.length >> 1)])
  return [...samples, ...literals, ...beginnings].filter((seed) => seed !== '') as ByteString[]
}

/** The same choices in every run. */
function chooser(): (below: number) => number {
  let state = 1
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return state % below
  }
}

test('where a prefilter of a rule set says no, its expression says no', { skip }, () => {
  const choose = chooser()
  const near = patterns.flatMap((pattern) => seedsOf(pattern, choose))
  const value = fc
    .array(fc.oneof(fc.constantFrom(...near), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 4 })
    .map((parts) => bytesOf(Buffer.from(parts.join(''), 'latin1')))
  fc.assert(
    fc.property(value, fc.constantFrom(...patterns), (text, pattern) => {
      const { prefilter, regexp } = pattern
      const facts = valueFacts(text)
      const lower = text.toLowerCase()
      const isRuledOut =
        text.length < prefilter.minLength ||
        !prefilter.admitsBytes(facts.mask) ||
        prefilter.literals.some((set) => !set.some((literal) => lower.includes(literal))) ||
        !prefilter.admits(facts)
      if (isRuledOut) assert.equal(regexp.test(text), false, JSON.stringify([pattern.source, text]))
    }),
    { numRuns: 20_000 },
  )
})

test(
  '10 KB of what any expression of a rule set looks for takes one step a byte, or a bounded number',
  { skip },
  () => {
    const choose = chooser()
    for (const pattern of patterns) {
      const parsed = parseRegex(pattern.source)
      assert.equal(parsed.kind, 'parsed')
      if (parsed.kind !== 'parsed') continue
      const automaton = LazyAutomaton.of(buildAutomaton(unrollCounts(releaseAtoms(parsed.root))))
      for (const seed of seedsOf(pattern, choose)) {
        const value = seed.repeat(Math.ceil(10_240 / seed.length)).slice(0, 10_240) as ByteString
        // An answer of the automaton is one look at a table for each byte; only without one would V8 run.
        const end = automaton.endOfMatch(value)
        if (!(pattern.regexp instanceof BoundedRegExp)) {
          assert.notEqual(end, undefined, JSON.stringify([pattern.source, seed]))
        } else if (end !== -1) {
          pattern.regexp.test(value)
          assert.equal(pattern.regexp.exhausted, false, JSON.stringify([pattern.source, seed]))
        }
      }
    }
  },
)
