import type { RuleSet } from '../3-compile/compile-rules.ts'
import type { Condition } from '../3-compile/compiled-rule.ts'
import { seesProven } from '../3-compile/sees-proven.ts'
import type { ByteString } from '../language/bytes.ts'
import { buildAutomaton } from '../regex/build-automaton.ts'
import { ByteClass } from '../regex/byte-class.ts'
import { compileRegex } from '../regex/compile-regex.ts'
import { languagesMeet } from '../regex/languages-meet.ts'
import { LazyAutomaton } from '../regex/lazy-automaton.ts'
import { parseRegex } from '../regex/parse-regex.ts'
import { releaseAtoms } from '../regex/release-atoms.ts'
import { unrollCounts } from '../regex/unroll.ts'
import { matchNeeds } from './match-needs.ts'
import { chainReach } from './transformation-reach.ts'
import type { ValueTest } from './value-proofs.ts'

/** Whether no rule can match any text of a pattern's language. */
export type PatternProof =
  | { readonly kind: 'proven'; readonly test: ValueTest }
  | { readonly kind: 'unproven'; readonly because: string }

/** Collections whose values a contract declares. */
const declared = new Set(['ARGS', 'ARGS_GET', 'ARGS_POST', 'REQUEST_COOKIES'])

const provers = new WeakMap<RuleSet, PatternProver>()

/**
 * Proves patterns of a contract harmless for a rule set: the language of the pattern and that of every rule which looks for
 * content in any field have no text in common. Rules that it cannot decide about count as matching.
 */
export class PatternProver {
  readonly #ruleSet: RuleSet
  readonly #proofs = new Map<string, PatternProof>()

  constructor(ruleSet: RuleSet) {
    this.#ruleSet = ruleSet
  }

  /** The prover of a rule set, which remembers what it has proved. */
  static of(ruleSet: RuleSet): PatternProver {
    const known = provers.get(ruleSet)
    if (known !== undefined) return known
    const prover = new PatternProver(ruleSet)
    provers.set(ruleSet, prover)
    return prover
  }

  prove(source: string): PatternProof {
    let proof = this.#proofs.get(source)
    if (proof === undefined) this.#proofs.set(source, (proof = this.#prove(source)))
    return proof
  }

  #prove(source: string): PatternProof {
    const test = compileRegex(source, 'bounded')
    const language = PatternLanguage.of(source)
    if (test.kind === 'mistake' || language === undefined) {
      return unproven('the pattern is not of the kind that can be compared with rules')
    }
    if (language.alphabet.size === 256) return unproven('the pattern lets every character through')
    for (const { id, links } of this.#ruleSet.rules) {
      for (const { condition } of links) {
        if (condition === undefined || !asks(condition)) continue
        if (mayMatch(condition, language))
          return unproven(`rule ${id} could match a text that keeps the pattern`)
      }
    }
    return { kind: 'proven', test: (value) => test.regexp.test(value) && !test.regexp.exhausted }
  }
}

function unproven(because: string): PatternProof {
  return { kind: 'unproven', because }
}

/** Whether a condition is one that passes over proven values: those are the ones which a proof is about. */
function asks(condition: Condition): boolean {
  return condition.targets.some(
    (target) => declared.has(target.variable.name) && !seesProven(target, condition),
  )
}

function mayMatch({ operator, chain }: Condition, language: PatternLanguage): boolean {
  const reach = chainReach(chain, language)
  if (reach === 'more') return true
  const texts = reach === 'case' ? language.inAnyCase : language
  const { regex, phrases, name } = operator
  if (regex !== undefined) return regex.prefilter.admitsBytes(texts.mask) && texts.meets(regex.source)
  if (phrases !== undefined) return texts.meetsPhrases(phrases)
  if (name === 'validatebyterange') return texts.someByte((byte) => operator.test(byte, noScope, undefined))
  const needs = matchNeeds.get(name)
  return needs === undefined || texts.meets(needs)
}

const noScope: Parameters<Condition['operator']['test']>[1] = { expand: () => '' as ByteString }

/** The texts in which a pattern matches. */
class PatternLanguage {
  readonly alphabet: ByteClass
  readonly #source: string
  readonly #automaton: () => LazyAutomaton
  readonly #met = new Map<string, boolean>()
  #inAnyCase: PatternLanguage | undefined

  constructor(source: string, automaton: () => LazyAutomaton) {
    this.#source = source
    this.#automaton = automaton
    this.alphabet = alphabetOf(automaton())
  }

  static of(source: string): PatternLanguage | undefined {
    const automaton = toAutomaton(source)
    return automaton === undefined ? undefined : new PatternLanguage(source, automaton)
  }

  /** With every text also the same in other cases of its letters: what transformations of case make of it is in there. */
  get inAnyCase(): PatternLanguage {
    return (this.#inAnyCase ??= PatternLanguage.of(`(?i)${this.#source}`) ?? this)
  }

  get mask(): Uint32Array {
    return Uint32Array.from(this.alphabet.words)
  }

  /** Whether a rule's expression may match one of the texts; where that is too much to find out, it may. */
  meets(source: string): boolean {
    const known = this.#met.get(source)
    if (known !== undefined) return known
    const other = toAutomaton(source)
    const meets = other === undefined || languagesMeet(this.#automaton(), other()) !== false
    this.#met.set(source, meets)
    return meets
  }

  /** Whether one of the texts may hold one of the phrases, in any case of its letters. */
  meetsPhrases(phrases: readonly string[]): boolean {
    if (phrases.includes('')) return true
    const folded = this.alphabet.foldCase()
    const possible = phrases.filter((phrase) => isMadeOf(phrase, folded))
    return possible.length > 0 && this.meets(`(?i)(?:${possible.map(escape).join('|')})`)
  }

  someByte(isMeant: (byte: ByteString) => boolean): boolean {
    return Array.from({ length: 256 }, (_, byte) => byte)
      .filter((byte) => this.alphabet.has(byte))
      .some((byte) => isMeant(String.fromCharCode(byte) as ByteString))
  }
}

function isMadeOf(phrase: string, bytes: ByteClass): boolean {
  for (let index = 0; index < phrase.length; index++) if (!bytes.has(phrase.charCodeAt(index))) return false
  return true
}

function escape(phrase: string): string {
  return phrase.replace(/[^A-Za-z0-9]/g, (unit) => `\\x${unit.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** A maker of fresh automata: walks add states, and what one walk leaves must not fill the next. */
function toAutomaton(source: string): (() => LazyAutomaton) | undefined {
  const parsed = parseRegex(source)
  if (parsed.kind === 'mistake') return undefined
  try {
    const automaton = buildAutomaton(unrollCounts(releaseAtoms(parsed.root)))
    return () => LazyAutomaton.of(automaton)
  } catch {
    // Too large to unroll, so too large to compare.
    return undefined
  }
}

const mostStates = 2_000

/** The bytes that some text of the language may hold. */
function alphabetOf(automaton: LazyAutomaton): ByteClass {
  const { groupOf, members } = automaton.partition
  const groups = new Set<number>()
  const seen = new Set([automaton.start])
  const waiting = [automaton.start]
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    for (const [group, byte] of members.entries()) {
      const next = automaton.step(state, byte)
      if (automaton.isDead(next)) continue
      groups.add(group)
      if (seen.has(next)) continue
      if (seen.size >= mostStates) return everyByte
      seen.add(next)
      waiting.push(next)
    }
  }
  const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) =>
    groups.has(groupOf[byte] ?? 0),
  )
  return ByteClass.ofRanges(...bytes.map((byte) => [byte, byte] as const))
}

const everyByte = ByteClass.ofRanges([0, 255])
