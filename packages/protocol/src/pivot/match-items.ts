import type { PivotItem } from './items.js'

/**
 * Which of the told items is each item of a response's last `output`? Gives for each an index into `told`, or undefined for an item
 * that no event told. Items are known by id or call id; where these changed on the way (some proxies make new ones for every event),
 * items of the same type count as the same in their order.
 */
export function matchItems(told: readonly PivotItem[], output: readonly PivotItem[]): (number | undefined)[] {
  const free = new Set(told.keys())
  const byName = new Map<string, number>()
  told.forEach((item, at) => namesOf(item).forEach((name) => byName.set(name, at)))
  const found = output.map((item) => {
    const at = namesOf(item)
      .map((name) => byName.get(name))
      .find((index) => index !== undefined && free.has(index))
    if (at !== undefined) free.delete(at)
    return at
  })
  return found.map((at, place) => {
    if (at !== undefined) return at
    const type = output[place]?.type
    const next = [...free].find((index) => told[index]?.type === type)
    if (next !== undefined) free.delete(next)
    return next
  })
}

/** Ids are looked up beside call ids: an output may carry the call id of its call, so the type belongs to the name. */
function namesOf(item: PivotItem): string[] {
  const callId = 'call_id' in item ? item['call_id'] : undefined
  return [item.id, callId]
    .filter((name) => typeof name === 'string' && name !== '')
    .map((name) => `${item.type} ${String(name)}`)
}
