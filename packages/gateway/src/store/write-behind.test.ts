import { expect, test } from 'vitest'
import { writeBehind, type WriteBehindOptions } from './write-behind.js'

function room(more: Partial<WriteBehindOptions<number>> = {}) {
  const written: number[][] = []
  const said: string[] = []
  const note = (_: object, sentence: string): void => void said.push(sentence)
  const writer = writeBehind<number>({
    what: 'the log',
    log: { warn: note, info: note },
    afterMs: 1,
    atOnce: 3,
    most: 5,
    write: async (items) => void written.push([...items]),
    ...more,
  })
  return { writer, written, said }
}

test('writes all that waits, the oldest first, so many at one time', async () => {
  const { writer, written } = room()
  for (const item of [1, 2, 3, 4]) writer.add(item)
  await writer.flush()
  expect(written).toEqual([[1, 2, 3], [4]])
})

test('what comes when too much waits is dropped, counted and told', async () => {
  const { writer, written, said } = room()
  for (let item = 1; item <= 8; item++) writer.add(item)
  expect(writer.dropped).toBe(3)
  await writer.flush()
  expect(written.flat()).toEqual([1, 2, 3, 4, 5])
  expect(said).toEqual(['the log has gaps: too much waits to be written'])
})

test('what cannot be written waits, and the trouble is told once', async () => {
  let full = true
  const written: number[] = []
  const { writer, said } = room({
    async write(items) {
      if (full) throw new Error('no room')
      written.push(...items)
    },
  })
  writer.add(1)
  await writer.flush()
  writer.add(2)
  await writer.flush()
  expect(said).toEqual(['the log cannot be written now and waits in memory'])
  full = false
  await writer.close()
  expect(written).toEqual([1, 2])
  expect(said.at(-1)).toBe('the log is written again')
})
