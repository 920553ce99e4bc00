import assert from 'node:assert/strict'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { watchFiles } from './watch-files.ts'

interface Fixture {
  readonly directory: string
  /** Waits for one change that is told. */
  readonly changed: () => Promise<void>
}

async function open(
  context: TestContext,
  prepare: (directory: string) => readonly string[],
  // The short look now and then keeps the test from depending on the file system's events.
  options = { quiet: 5, interval: 50 },
): Promise<Fixture> {
  const directory = mkdtempSync(join(tmpdir(), 'gateward-watch-'))
  let told = 0
  let wake = (): void => {}
  const watch = watchFiles(() => {
    told++
    wake()
  }, options)
  context.after(() => {
    watch[Symbol.dispose]()
    rmSync(directory, { recursive: true })
  })
  await watch.replace(prepare(directory))
  return {
    directory,
    changed: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      // Nothing else keeps the process alive while it waits.
      const alive = setInterval(() => {}, 1_000)
      if (told === 0) await promise
      clearInterval(alive)
      told = 0
    },
  }
}

test('a file that is written, replaced by a rename, removed and made anew is told each time', async (context) => {
  const { directory, changed } = await open(context, (folder) => {
    writeFileSync(join(folder, 'a.yaml'), '1')
    return [join(folder, 'a.yaml')]
  })
  const file = join(directory, 'a.yaml')
  writeFileSync(file, '22')
  await changed()
  writeFileSync(`${file}.new`, '333')
  renameSync(`${file}.new`, file)
  await changed()
  unlinkSync(file)
  await changed()
  writeFileSync(file, '4444')
  await changed()
})

test('a symbolic link on the way that is turned to another folder is told', async (context) => {
  const { directory, changed } = await open(context, (folder) => {
    for (const version of ['v1', 'v2']) {
      mkdirSync(join(folder, version))
      writeFileSync(join(folder, version, 'a.yaml'), version)
    }
    symlinkSync('v1', join(folder, 'data'))
    symlinkSync('data/a.yaml', join(folder, 'a.yaml'))
    return [join(folder, 'a.yaml')]
  })
  symlinkSync('v2', join(directory, 'data.new'))
  renameSync(join(directory, 'data.new'), join(directory, 'data'))
  await changed()
})

test('a file and what a link leads to are told at once, beside a log that is written to all the time', async (context) => {
  const { directory, changed } = await open(
    context,
    (folder) => {
      writeFileSync(join(folder, 'a.yaml'), '1')
      writeFileSync(join(folder, 'real.yaml'), '1')
      symlinkSync('real.yaml', join(folder, 'link.yaml'))
      return [join(folder, 'a.yaml'), join(folder, 'link.yaml')]
    },
    // Nothing is looked at but when the file system says so.
    { quiet: 50, interval: 600_000 },
  )
  const log = setInterval(() => appendFileSync(join(directory, 'gateway.log'), 'line\n'), 5)
  context.after(() => clearInterval(log))
  for (const name of ['a.yaml', 'real.yaml']) {
    writeFileSync(join(directory, name), 'another')
    await changed()
  }
})

test('a file in a folder that is not there yet is told when it appears', async (context) => {
  const { directory, changed } = await open(context, (folder) => [join(folder, 'later', 'a.yaml')])
  mkdirSync(join(directory, 'later'))
  writeFileSync(join(directory, 'later', 'a.yaml'), '1')
  await changed()
})

test('files that are no longer named are not told, and neither is anything after the end', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'gateward-watch-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const [old, current] = [join(directory, 'old.yaml'), join(directory, 'current.yaml')]
  const told: string[] = []
  const watch = watchFiles(() => told.push('change'), { quiet: 1, interval: 5 })
  await watch.replace([old])
  await watch.replace([current])
  writeFileSync(old, 'x')
  await new Promise((resolve) => setTimeout(resolve, 60))
  watch[Symbol.dispose]()
  writeFileSync(current, 'x')
  await new Promise((resolve) => setTimeout(resolve, 60))
  assert.deepEqual(told, [])
})
