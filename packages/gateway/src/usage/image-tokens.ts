/** Width and height in pixels. */
export interface ImageSize {
  width: number
  height: number
}

/** Enough of a picture's beginning for its size, in base64 characters; a JPEG may carry a large preview before it. */
const HEAD_CHARACTERS = 96 * 1024

/** What a picture counts when nothing says how large it is: one of 1024 × 1024. */
const UNKNOWN: ImageSize = { width: 1024, height: 1024 }

/**
 * Tokens of a picture in a prompt: a base and a price for each tile of 512 pixels, after fitting into 2048 × 2048 and scaling the shorter
 * side to 768. Source: OpenAI, "Images and vision", calculating costs; GPT-5 family: base 70, tile 140.
 */
export function imageTokens(url: string | undefined, detail: string | undefined): number {
  if (detail === 'low') return 70
  const size = (url === undefined ? undefined : sizeOf(url)) ?? UNKNOWN
  const fit = Math.min(1, 2048 / Math.max(size.width, size.height))
  const shrink = Math.min(1, 768 / (Math.min(size.width, size.height) * fit))
  const tiles = Math.ceil((size.width * fit * shrink) / 512) * Math.ceil((size.height * fit * shrink) / 512)
  return 70 + 140 * tiles
}

/** The size that the header of a PNG, GIF, WebP or JPEG tells; undefined for anything else. */
export function sizeOf(dataUrl: string): ImageSize | undefined {
  const comma = dataUrl.indexOf(';base64,')
  if (!dataUrl.startsWith('data:') || comma === -1) return undefined
  const from = comma + 8
  const bytes = Buffer.from(dataUrl.slice(from, from + HEAD_CHARACTERS), 'base64')
  const size = png(bytes) ?? gif(bytes) ?? webp(bytes) ?? jpeg(bytes)
  return size === undefined || size.width === 0 || size.height === 0 ? undefined : size
}

function png(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < 24 || bytes.readUInt32BE(0) !== 0x89504e47) return undefined
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

function gif(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < 10 || bytes.toString('latin1', 0, 3) !== 'GIF') return undefined
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
}

function webp(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < 30 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') {
    return undefined
  }
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21)
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
    default:
      return undefined
  }
}

function jpeg(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined
  let at = 2
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    // The frame headers; 0xc4, 0xc8 and 0xcc in their midst are tables.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
    }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}
