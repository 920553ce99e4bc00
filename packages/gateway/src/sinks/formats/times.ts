/** Milliseconds since the Unix epoch as ISO 8601. */
export function timestampOf(time: number): string {
  if (time !== timestampTime) {
    timestampTime = time
    timestamp = new Date(time).toISOString()
  }
  return timestamp
}

/** Milliseconds since the Unix epoch as a number. */
export function writtenTime(time: number): string {
  if (time !== numberTime) {
    numberTime = time
    number = String(time)
  }
  return number
}

// Many exchanges end within one millisecond.
let timestampTime = 0
let timestamp = new Date(0).toISOString()
let numberTime = 0
let number = '0'
