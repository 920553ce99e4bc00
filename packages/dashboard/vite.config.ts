import { defineConfig } from 'vite'

// oxlint-disable-next-line import/no-default-export -- Vite reads its configuration from there
export default defineConfig({
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
