import { createHash } from 'node:crypto'

/** What tells one error from another. */
export interface Told {
  source: string
  kind: string
  message: string
  stack?: string
}

/** Errors that differ in nothing but numbers, ids, times and addresses are one and the same. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '…'],
  [/\b(?:req|resp|chatcmpl|msg|acc|ak|key|rs|fc|call|cf-ray)[_-][A-Za-z0-9_-]{4,}/gi, '…'],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+Z?/g, '…'],
  [/\b[0-9a-f]{12,}\b/gi, '…'],
  [/\d+(?:[.,:]\d+)*/g, '#'],
]

/** @returns 16 signs */
export function groupOf({ source, kind, message, stack }: Told): string {
  let same = message.slice(0, 500)
  for (const [pattern, instead] of VARYING) same = same.replace(pattern, instead)
  return createHash('sha256')
    .update([source, kind, same, frameOf(stack)].join('\0'))
    .digest('hex')
    .slice(0, 16)
}

/** The first line of a stack that says where. Empty when none does. */
export function frameOf(stack: string | undefined): string {
  const line = stack
    ?.slice(0, 4_000)
    .split('\n')
    .find((one) => /^\s*at |@\S+:\d+/.test(one))
  return (line ?? '').trim().slice(0, 300)
}
