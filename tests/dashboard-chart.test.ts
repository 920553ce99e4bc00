import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { buildTrials } from '../packages/dashboard/trials/build.ts'
import { missingChromium, startChromium } from './start-chromium.ts'

describe('a chart of a hundred thousand points', { skip: missingChromium, timeout: 600_000 }, () => {
  let folder: string
  let server: Server
  let browser: Browser
  let page: Page
  let chart: Locator

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gateward-chart-'))
    await buildTrials(folder)
    server = await serve(folder)
    browser = await startChromium()
    page = await browser.newPage({ viewport: { width: 1280, height: 600 } })
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`)
    chart = page.getByRole('slider', { name: 'A day of seconds' })
    await chart.waitFor()
  })

  after(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('says every one of them by keyboard, and finds again what it has zoomed into', async () => {
    assert.equal(await chart.getAttribute('aria-valuemax'), '99999')
    await chart.focus()
    await page.keyboard.press('Home')
    assert.match((await said(chart)) ?? '', /requests\/s 500, refused\/s 56$/)
    // From the whole, a step is five hundred points; each plus halves what is seen, and the steps with it.
    for (let count = 0; count < 109; count++) await page.keyboard.press('ArrowRight')
    for (let count = 0; count < 10; count++) await page.keyboard.press('+')
    for (let count = 0; count < 400 && !(await said(chart))?.includes('9999'); count++)
      await page.keyboard.press('ArrowLeft')
    assert.match((await said(chart)) ?? '', /requests\/s 9999/)
    await page.keyboard.press('Escape')
    assert.equal(await page.getByRole('button', { name: 'Whole range' }).count(), 0)
  })

  it('draws the one second that stands out, however many share its pixel', async () => {
    // The scale of the axis goes up to it, and the line with it: some pixel of the topmost tenth is not empty.
    const painted = await page.evaluate(`(() => {
      const canvas = document.querySelector('canvas')
      const { data } = canvas.getContext('2d').getImageData(80, 0, canvas.width - 80, Math.round(canvas.height * 0.12))
      return data.some((value, at) => at % 4 === 3 && value > 200)
    })()`)
    assert.equal(painted, true)
  })

  it('stays fluid while the pointer moves, while it is zoomed, and while it goes on', async (t) => {
    const box = await chart.boundingBox()
    assert.ok(box)
    await watchFrames(page)
    for (let step = 0; step < 120; step++) await page.mouse.move(box.x + 80 + step * 8, box.y + 100)
    await tell(t, 'hover', page)
    await page.mouse.move(box.x + 400, box.y + 100)
    await page.mouse.down()
    for (let step = 0; step < 30; step++) await page.mouse.move(box.x + 400 + step * 10, box.y + 100)
    await page.mouse.up()
    await page.getByRole('button', { name: 'Whole range' }).waitFor()
    await tell(t, 'zoom', page)
    await page.getByRole('button', { name: 'Whole range' }).click()
    const on = page.getByRole('button', { name: 'One second on' })
    for (let second = 0; second < 20; second++) await on.click()
    await tell(t, 'a second on, twenty times', page)
  })
})

function said(chart: Locator): Promise<string | null> {
  return chart.getAttribute('aria-valuetext')
}

async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    globalThis.frames = []
    let last = performance.now()
    const watch = (now) => { globalThis.frames.push(now - last); last = now; requestAnimationFrame(watch) }
    requestAnimationFrame(watch)
  })()`)
}

/** Prints what frames took since the last time. Nothing is asserted of it: that would be a test of the machine. */
async function tell(t: TestContext, what: string, page: Page): Promise<void> {
  const taken = (await page.evaluate('globalThis.frames.splice(0)')) as number[]
  assert.ok(taken.length > 0)
  const sorted = taken.toSorted((left, right) => left - right)
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1)
  t.diagnostic(
    `${what}: ${sorted.length} frames, median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`,
  )
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
}

async function serve(folder: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const file = join(folder, normalize(new URL(url, 'http://localhost').pathname))
    try {
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
      response.end(readFileSync(file))
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
