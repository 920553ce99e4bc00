import type { CompiledMacro } from '../../macros/macro.ts'
import type { CompiledRule, RuleLink } from '../compiled-rule.ts'
import { linkHolds } from './evaluate-rule.ts'
import type { KnownTx } from './known-tx.ts'

/**
 * A chain without those of its first links that hold in every transaction and do nothing: a switch of the settings that is on. What is
 * left may be about values alone, so that screens can find out whether it is worth asking.
 */
export function leaveOutLinks(rule: CompiledRule, known: KnownTx): CompiledRule {
  const { links, message, logData } = rule
  let first = 0
  while (first < links.length - 1 && isIdle(links[first], known)) first += 1
  if (first === 0) return rule
  const rest = links.slice(first)
  const seesMatches = rest.some(asksAboutMatches) || [message, logData].some(mentionsMatches)
  return seesMatches ? rule : { ...rule, links: rest }
}

function isIdle(link: RuleLink | undefined, known: KnownTx): boolean {
  return link !== undefined && !link.captures && link.effects.length === 0 && linkHolds(link, known)
}

/** Whether it could see that the links before it have matched. An effect that does not say what it reads might. */
function asksAboutMatches({ condition, effects }: RuleLink): boolean {
  return (
    condition?.targets.some(({ variable }) => variable.name.startsWith('MATCHED_')) === true ||
    condition?.operator.macro === true ||
    effects.some(({ setsTx }) => setsTx === undefined || [setsTx.key, setsTx.value].some(mentionsMatches))
  )
}

/** `MATCHED_VAR` is of the last link, which stays. */
function mentionsMatches(macro: CompiledMacro | undefined): boolean {
  if (macro?.kind !== 'template') return false
  return macro.parts.some((part) => part.kind === 'variable' && part.variable.startsWith('MATCHED_VARS'))
}
