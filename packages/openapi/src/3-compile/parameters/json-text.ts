import { parseJson } from '../../1-load/parse-json.ts'
import type { Reading } from './refusal.ts'
import { Refusal, dangerousName, isDangerousName, repeated } from './refusal.ts'

const noJson = new Refusal('encoding', 'is no JSON (RFC 8259)')
const hugeNumber = new Refusal('type', 'holds a number beyond all bounds')

/** Reads JSON in a parameter; keys that stand twice or reach a prototype are refused. */
export const readJsonText: Reading = (text) => {
  const parsed = parseJson(text)
  if (parsed.value === undefined) return noJson
  return parsed.mistakes.length > 0 ? repeated : (dangerIn(parsed.value) ?? parsed.value)
}

function dangerIn(value: unknown): Refusal | undefined {
  if (value === Infinity || value === -Infinity) return hugeNumber
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries(value)) {
    const danger = isDangerousName(key) ? dangerousName : dangerIn(member)
    if (danger !== undefined) return danger
  }
  return undefined
}
