import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDownload } from '@tabler/icons-react'
import { rawFetch } from '../../api/client.js'
import { useTexts } from '../../i18n/index.js'
import { sayFailed } from '../../parts/say.js'
import { queryOf, type Asked } from './asked.js'
import { seriesQuery, TABLE_PATHS } from './data.js'
import { TEXTS } from './texts.js'

/** What is shown, for a spreadsheet. */
export function CsvMenu({ asked }: { asked: Asked }) {
  const { t } = useTexts(TEXTS)
  const by = asked.by === 'none' ? 'model' : asked.by
  const files = [
    ['csvSeries', 'series', seriesQuery(asked)],
    ['csvTable', TABLE_PATHS[by], queryOf(asked)],
  ] as const
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />} rightSection={<IconChevronDown size={14} />}>
          {t('csv')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map(([label, path, query]) => (
          <Menu.Item key={label} onClick={() => void download(path, query).catch((error: unknown) => sayFailed(error))}>
            {t(label)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

async function download(path: string, query: Record<string, string>): Promise<void> {
  const asked = new URLSearchParams({ ...query, format: 'csv' })
  const reply = await rawFetch(`/admin/usage-stats/${path}?${asked.toString()}`)
  const url = URL.createObjectURL(await reply.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = `usage-${path}.csv`
  link.click()
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
