import { join } from 'node:path'

/** Where the built dashboard lies: beside this package in the workspace, and where it is installed. */
export const dashboardFolder: string = join(import.meta.dirname, '..', '..', 'dashboard', 'dist')
