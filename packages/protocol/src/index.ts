/** AI wire protocols, translated without loss: one pivot (Open Responses), one codec a dialect. Pure; no I/O, no clock. */
export * from './dialect.js'
export * from './failure.js'
export * from './pivot/index.js'
