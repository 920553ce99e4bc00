import type { Diagnostic } from '@gateward/kernel'
import type { DraftItem, RuleDraft } from './rule-draft.ts'

/** Operators that ask others, or a database that the engine does not have; with why no rule waits for them. */
const lookups: ReadonlyMap<string, string> = new Map([
  ['geolookup', 'the engine keeps no database of places'],
  ['gsblookup', 'the lists it asks are no longer published'],
  ['rbl', 'a request never waits for the name servers of others'],
])

/**
 * Leaves out the rules that rest on a look-up the engine refuses, and says so: published rule sets hold a few such rules among
 * hundreds, switched off until somebody configures them, and must load unmodified all the same.
 */
export function leaveOutLookups(
  items: readonly DraftItem[],
  diagnostics: Diagnostic[],
): readonly DraftItem[] {
  return items.filter((item) => {
    const lookup = item.kind === 'rule' ? lookupOf(item.draft) : undefined
    if (item.kind !== 'rule' || lookup === undefined) return true
    diagnostics.push({
      code: 'rule-left-out',
      severity: 'warning',
      message: `rule ${item.draft.id} is left out: @${lookup} is refused, ${lookups.get(lookup) ?? ''}`,
      fix: `write SecRuleRemoveById ${item.draft.id} after it`,
      position: item.draft.position,
    })
    return false
  })
}

function lookupOf(draft: RuleDraft): string | undefined {
  return draft.links.map((link) => link.operator?.name ?? '').find((name) => lookups.has(name))
}
