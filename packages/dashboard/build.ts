// Builds what browsers are served into dist/; `npm ci` runs it, so that the first start has it.
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

try {
  await build({ root: fileURLToPath(new URL('.', import.meta.url)), logLevel: 'error' })
} catch (error) {
  // The gate needs no browser: without the dashboard it serves all the same, and its admin address says what is missing.
  const reason = error instanceof Error ? error.message : String(error)
  console.error(`The dashboard was not built, everything else works: ${reason}`)
  console.error('Try again with: npm run build:dashboard')
}
