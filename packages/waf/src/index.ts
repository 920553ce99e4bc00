export type { ByteString } from './language/bytes.ts'
export { bytesOf, bytesOfText, textOf } from './language/bytes.ts'
export type { BodyLimits } from './bodies/body-limits.ts'
export { defaultBodyLimits } from './bodies/body-limits.ts'
export type { LoadRulesOptions, LoadedRules } from './1-parse/load-rules.ts'
export { loadRules } from './1-parse/load-rules.ts'
export type { ParsedRules } from './1-parse/parse-rules.ts'
export { parseRules } from './1-parse/parse-rules.ts'
export { formatStatement } from './1-parse/format-statement.ts'
export type { CreateWafOptions, CreatedWaf } from './engine/create-waf.ts'
export { createWaf } from './engine/create-waf.ts'
export type { ProfiledWaf, RuleDescription, WafSettings } from './engine/waf.ts'
export { Waf } from './engine/waf.ts'
export type { RuleCost } from './engine/profile-rules.ts'
export type { SampleSet } from './samples.ts'
export { readSampleSets } from './samples.ts'
export { WafTransaction } from './engine/transaction.ts'
export type { WafMatch, WafVerdict } from './engine/match.ts'
export type { WafRequestHead, WafResponseHead } from './engine/request-head.ts'
export type { RawRequestReading } from './http/read-raw-request.ts'
export { readRawRequest } from './http/read-raw-request.ts'
export type { LogLineContext } from './engine/log-line.ts'
export { formatLogLine } from './engine/log-line.ts'
export type { CompiledFieldPolicy, FieldPolicyOptions } from './fields/compile-policy.ts'
export type {
  DeclaredField,
  FieldPolicy,
  FieldStanding,
  RuleExclusion,
  ValueKind,
} from './fields/field-policy.ts'
export type { Detection, Detector } from './detectors/detection.ts'
export { detectXss } from './detectors/html/detect-xss.ts'
export { detectSqlInjection } from './detectors/sql/detect-sql-injection.ts'
