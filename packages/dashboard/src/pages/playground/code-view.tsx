import { Select, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../i18n/index.js'
import { CopyBlock } from '../../parts/copy.js'
import { codeOf, LANGUAGES, type CodeLanguage } from './code.js'
import type { Protocol, WireRequest } from './conversation.js'
import { TEXTS } from './texts.js'

const NAMES: Readonly<Record<CodeLanguage, string>> = { curl: 'curl', python: 'Python', node: 'Node' }

/** The same request as a program. */
export function CodeView({
  protocol,
  request,
  addresses,
}: {
  protocol: Protocol
  request: WireRequest
  addresses: readonly string[]
}) {
  const { t } = useTexts(TEXTS)
  const [language, setLanguage] = useState<CodeLanguage>('curl')
  const [chosen, setChosen] = useState<string>()
  const address = addresses.find((url) => url === chosen) ?? addresses[0] ?? location.origin
  const code = codeOf(language, protocol, request, address)
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('codeAbout')}
      </Text>
      <SegmentedControl
        aria-label={t('codeLanguage')}
        value={language}
        onChange={(value) => setLanguage(value as CodeLanguage)}
        data={LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
        maw={360}
      />
      {addresses.length < 2 ? null : (
        <Select
          label={t('address')}
          maw={360}
          allowDeselect={false}
          data={[...addresses]}
          value={address}
          onChange={(value) => setChosen(value ?? undefined)}
        />
      )}
      <CopyBlock code={code} shown={code.length > 20_000 ? shortData(code) : code} />
    </Stack>
  )
}

/** Pictures are megabytes of text that nobody reads; the copy has them. */
function shortData(code: string): string {
  return code.replace(/[A-Za-z0-9+/]{400,}={0,2}/g, (data) => `${data.slice(0, 60)}…`)
}
