export type { DocumentSource, LoadOptions } from './1-load/load-document.ts'
export type * from './contract.ts'
export type { ContractResult } from './load-contract.ts'
export { loadContract } from './load-contract.ts'
