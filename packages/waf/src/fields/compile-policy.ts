import { closest } from '@gateward/kernel'
import type { Diagnostic } from '@gateward/kernel'
import type { RuleSet } from '../3-compile/compile-rules.ts'
import type { CompiledRule } from '../3-compile/compiled-rule.ts'
import type { TargetExclusion } from '../3-compile/compiled-target.ts'
import type { BodyCollection } from '../bodies/body-sink.ts'
import type { DeclaredField, FieldPolicy, FieldStanding, RuleExclusion } from './field-policy.ts'
import { PatternProver } from './pattern-prover.ts'
import type { ValueProof } from './proof-table.ts'
import { ProofTable } from './proof-table.ts'
import { readFieldReference } from './read-field-reference.ts'
import { describeKind, valueTest } from './value-proofs.ts'

/** What a policy is compiled from. */
export interface FieldPolicyOptions {
  readonly exclusions?: readonly RuleExclusion[]
  readonly fields?: readonly DeclaredField[]
}

/** A policy and what is wrong with what it was made from; mistakes are left out of it. */
export interface CompiledFieldPolicy {
  readonly policy: FieldPolicy
  readonly diagnostics: readonly Diagnostic[]
}

/** Compiles the policy of one place of an application for a rule set. */
export function compileFieldPolicy(
  ruleSet: RuleSet,
  { exclusions = [], fields = [] }: FieldPolicyOptions,
): CompiledFieldPolicy {
  const diagnostics: Diagnostic[] = []
  return { policy: { ...look(ruleSet, exclusions, diagnostics), ...prove(ruleSet, fields) }, diagnostics }
}

function look(
  ruleSet: RuleSet,
  exclusions: readonly RuleExclusion[],
  diagnostics: Diagnostic[],
): Pick<FieldPolicy, 'removed' | 'exclusions'> {
  const removed = new Set<number>()
  const byRule = new Map<number, TargetExclusion[]>()
  for (const { rules, fields } of exclusions) {
    const meant = rules.flatMap((text) => findRules(ruleSet.rules, text, diagnostics))
    const targets = fields.flatMap((field) => readFieldReference(field, diagnostics))
    for (const { ordinal } of meant) {
      if (fields.length === 0) removed.add(ordinal)
      else byRule.set(ordinal, [...(byRule.get(ordinal) ?? []), ...targets])
    }
  }
  return { removed, exclusions: byRule }
}

function findRules(
  rules: readonly CompiledRule[],
  text: string,
  diagnostics: Diagnostic[],
): readonly CompiledRule[] {
  if (text === 'all') return rules
  const found = rules.filter(meaning(text))
  if (found.length > 0) return found
  const tags = new Set(rules.flatMap((rule) => rule.tags.map((tag) => `tag:${tag}`)))
  // Another number is another rule: nothing is known of what was meant.
  const meant = text.startsWith('tag:') ? closest(text, [...tags]) : undefined
  diagnostics.push({
    code: 'unknown-rule',
    severity: 'error',
    message: `"${text}" names no rule that is loaded`,
    fix:
      meant === undefined
        ? 'write 942100, 942000-942999, tag:attack-sqli or all'
        : `did you mean ${meant}? Else write 942100, 942000-942999, tag:attack-sqli or all`,
  })
  return []
}

function meaning(text: string): (rule: CompiledRule) => boolean {
  if (text.startsWith('tag:')) {
    const tag = text.slice(4)
    return ({ tags }) => tags.includes(tag)
  }
  const [, first, last] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? []
  if (first === undefined) return () => false
  return ({ id }) => Number(first) <= id && id <= Number(last ?? first)
}

const collections: Readonly<Record<DeclaredField['in'], BodyCollection>> = {
  query: 'ARGS_GET',
  cookie: 'REQUEST_COOKIES',
  body: 'ARGS_POST',
}

function prove(
  ruleSet: RuleSet,
  fields: readonly DeclaredField[],
): { readonly proofs: FieldPolicy['proofs']; readonly fields: readonly FieldStanding[] } {
  const prover = PatternProver.of(ruleSet)
  const tables = new Map<BodyCollection, Map<string, ValueProof>>()
  const standings: FieldStanding[] = []
  for (const field of fields) {
    const kind = describeKind(field.values)
    const proof = proofOf(field, `${field.label} (${kind})`, prover)
    standings.push({
      label: field.label,
      kind,
      because: typeof proof === 'string' ? proof : undefined,
    })
    if (typeof proof === 'string') continue
    const collection = collections[field.in]
    const table = tables.get(collection) ?? new Map<string, ValueProof>()
    tables.set(collection, table)
    // Of two declarations of one name (by media type, say) either proves: each looks at the value itself.
    const name = field.name.toLowerCase()
    table.set(name, either(table.get(name), proof))
  }
  return {
    proofs: new Map([...tables].map(([collection, table]) => [collection, new ProofTable(table)])),
    fields: standings,
  }
}

function proofOf({ values }: DeclaredField, label: string, prover: PatternProver): ValueProof | string {
  if (values.kind !== 'pattern') {
    const test = valueTest(values)
    return { label, proves: test }
  }
  const proof = prover.prove(values.source)
  return proof.kind === 'unproven' ? proof.because : { label, proves: proof.test }
}

function either(first: ValueProof | undefined, second: ValueProof): ValueProof {
  if (first === undefined) return second
  return { label: first.label, proves: (value) => first.proves(value) || second.proves(value) }
}
