import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Secret } from '../telemetry/index.js'
import { openStore } from './index.js'

test('a sealed setting comes back as it was, and stands nowhere on the disk', async () => {
  const home = await mkdtemp(join(tmpdir(), 'dragoman-sealed-'))
  try {
    const store = await openStore({ home })
    expect(await store.sealedSettings.get('webhook_secret')).toBe(undefined)
    await store.sealedSettings.set('webhook_secret', new Secret('CANARY'))
    expect((await store.sealedSettings.get('webhook_secret'))?.reveal()).toBe('CANARY')
    expect(String(await store.settings.get('webhook_secret'))).not.toContain('CANARY')
    // Moved to another place it does not open.
    await store.settings.set('other', await store.settings.get('webhook_secret'))
    await expect(store.sealedSettings.get('other')).rejects.toMatchObject({ code: 'wrong_key' })
    await store.close()
    expect((await readFile(join(home, 'dragoman.db'))).includes('CANARY')).toBe(false)
    const again = await openStore({ home })
    expect((await again.sealedSettings.get('webhook_secret'))?.reveal()).toBe('CANARY')
    await again.sealedSettings.delete('webhook_secret')
    expect(await again.sealedSettings.get('webhook_secret')).toBe(undefined)
    await again.close()
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})
