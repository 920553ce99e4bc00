/**
 * The name under which an argument of a JSON document is found here, given the name that a rule, a selector or an
 * exclusion writes: array elements are plain indices (`json.items.0.id`, as in Coraza), and ModSecurity's
 * `json.items.array_0.id` means the same. Other names are returned as they are.
 */
export function canonicalJsonName(name: string): string {
  return startsAtRoot.test(name) ? name.replaceAll(arrayElement, '.$1') : name
}

const startsAtRoot = /^json\./i
const arrayElement = /\.array_(\d+)(?=\.|$)/gi
