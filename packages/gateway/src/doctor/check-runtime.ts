import type { Finding } from './finding.ts'

const neededNode = 26

/** Whether this Node can run the gateway. */
export function checkRuntime(): Finding {
  const { node } = process.versions
  if (Number.parseInt(node) >= neededNode)
    return { subject: 'runtime', state: 'well', message: `Node ${node}` }
  return {
    subject: 'runtime',
    state: 'amiss',
    message: `Node ${node}`,
    fix: `run it with Node ${neededNode}: npx and npm bring it`,
  }
}
