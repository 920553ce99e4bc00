#!/usr/bin/env node
// Plain JavaScript, so that an old Node can still say what is wrong. The npm package `node` brings the right one:
// npm and npx put it first on the PATH; called in another way, this finds it beside the packages.
import { spawnSync } from 'node:child_process'
import { createRequire, enableCompileCache } from 'node:module'

const needed = 26
const major = Number(process.versions.node.split('.')[0])

if (major >= needed) {
  // Types are stripped and code is compiled once for all starts, which halves the time of each.
  enableCompileCache()
  await import('../src/main.ts')
} else {
  const found = findNode()
  if (found === undefined) {
    console.error(
      `gateward needs Node ${needed}; this is ${process.versions.node}. Run it by npx or npm, or install Node ${needed}.`,
    )
    process.exitCode = 3
  } else {
    const { status, signal } = spawnSync(found, process.argv.slice(1), { stdio: 'inherit' })
    if (signal !== null) process.kill(process.pid, signal)
    process.exitCode = status ?? 4
  }
}

function findNode() {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node')
  } catch {
    return undefined
  }
}
