import { crc32, deflateSync } from 'node:zlib'

const COLOURS = [
  [235, 235, 235],
  [230, 210, 60],
  [70, 200, 210],
  [80, 190, 90],
  [190, 80, 180],
  [210, 70, 60],
  [60, 80, 190],
] as const

/** A picture of colour bars as a base64 PNG. `shownRows` paints only the top, as a picture on its way looks; the rest is grey. */
export function testCard(width = 70, height = 40, shownRows = height): string {
  const rows: number[] = []
  for (let y = 0; y < height; y += 1) {
    rows.push(0)
    for (let x = 0; x < width; x += 1) {
      const bar = COLOURS[Math.floor((x * COLOURS.length) / width)] ?? COLOURS[0]
      rows.push(...(y < shownRows ? bar : [128, 128, 128]))
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8) // eight bits, RGB
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.from(rows))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]).toString('base64')
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
