/** Says what stands in the way of a file or folder, and what to do; `undefined` where the error is about none. */
export function describeFileError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return undefined
  const way = ways[String(error.code)]
  return way === undefined ? undefined : `${String(error.path)} ${way}`
}

const ways: Readonly<Record<string, string>> = {
  EACCES:
    'may not be used by this user: give it to the user that runs gateward, or name another place (--data for the data folder)',
  EPERM:
    'may not be used by this user: give it to the user that runs gateward, or name another place (--data for the data folder)',
  ENOTDIR:
    'leads through a file that is no folder: take it away, or name another place (--data for the data folder)',
  EEXIST:
    'is there already and is no folder: take it away, or name another place (--data for the data folder)',
  EISDIR: 'is a folder, and a file is wanted: name a file',
  EROFS: 'is on a disk that takes no changes: name another place (--data for the data folder)',
  ENOSPC:
    'cannot be written, as the disk is full: make room, or name another place (--data for the data folder)',
  EMFILE: 'cannot be opened, as this process has too many files open: raise the limit (ulimit -n)',
  ENOENT: 'is not there: make it, or name another',
}
