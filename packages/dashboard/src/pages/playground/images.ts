/** What every protocol takes as an image. */
const TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif']
/** Larger ones are shrunk by nobody here, and make a request that many upstreams refuse. */
export const MOST_IMAGE_BYTES = 8 * 1024 * 1024

export type ReadImage = { url: string } | { problem: 'type' | 'size' }

/** An image as a data URL. @returns what is wrong with a file that cannot go along */
export async function readImage(file: Pick<File, 'type' | 'size' | 'arrayBuffer'>): Promise<ReadImage> {
  if (!TYPES.includes(file.type)) return { problem: 'type' }
  if (file.size > MOST_IMAGE_BYTES) return { problem: 'size' }
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return { url: `data:${file.type};base64,${btoa(text)}` }
}
