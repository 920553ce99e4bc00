#!/usr/bin/env -S node --max-semi-space-size=64
// Plain JavaScript, so that an old Node can still say what is wrong. The npm package `node` brings the right one:
// npm and npx put it first on the PATH; called in another way, this finds it beside the packages. The larger young
// generation (64 MiB) spares a sixth of the work of a busy gateway: what an exchange makes is dead before it is copied.
import { spawn } from 'node:child_process'
import * as modules from 'node:module'

const needed = 26
const major = Number(process.versions.node.split('.')[0])

if (major >= needed) {
  // Types are stripped and code is compiled once for all starts, which halves the time of each.
  modules.enableCompileCache()
  await import('../src/main.ts')
} else {
  const found = findNode()
  if (found === undefined) {
    console.error(
      `gateward needs Node ${needed}; this is ${process.versions.node}. Run it by npx or npm, or install Node ${needed}.`,
    )
    process.exitCode = 3
  } else runWith(found)
}

function findNode() {
  try {
    return modules.createRequire(import.meta.url).resolve('node/bin/node')
  } catch {
    return undefined
  }
}

function runWith(node) {
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' })
  // Supervisors signal this process alone; a terminal signals both, so its Ctrl-C is not sent a second time.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT')
  })
  child.on('error', (error) => {
    console.error(`gateward: ${node} cannot be started: ${error.message}`)
    process.exitCode = 3
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 4)
  })
}
