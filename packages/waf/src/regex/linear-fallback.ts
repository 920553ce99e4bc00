import { setFlagsFromString } from 'node:v8'

// V8 tries a pattern by backtracking, and after 50,000 steps back goes over to its linear engine, if this is on before
// the pattern is compiled. Patterns that it can do so for have no `i` flag, no counters, lookaheads or backreferences.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
