import { Alert, Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { IconDownload, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { api, rawFetch } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { Copy, CopyBlock } from '../../parts/copy.js'
import { saveFile } from '../../parts/save-file.js'
import { sayFailed } from '../../parts/say.js'
import { curlOf } from './curl.js'
import { REQUESTS, useLogState, type Detail } from './data.js'
import { useKeep } from './keep-menu.js'
import { TEXTS } from './texts.js'
import classes from './timeline.module.css'

/** What was said in a request, and what can be done with it. */
export function Bodies({ of, open }: { of: Detail; open: (id: string) => void }) {
  const { t } = useTexts(TEXTS)
  const keep = useKeep()
  const { data: state } = useLogState()
  if (of.request === null) {
    return (
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('detail.noBodies')}</Text>
        {state?.captureBodies === true ? (
          <Text size="sm" c="dimmed">
            {t('keep.bodiesOn')}
          </Text>
        ) : (
          <Button size="xs" variant="light" onClick={() => void keep({ captureBodies: true })}>
            {t('detail.keepBodies')}
          </Button>
        )}
      </Stack>
    )
  }
  return (
    <Stack gap="md">
      <Said of={of} />
      <Replay of={of} open={open} />
      <Text size="sm" fw={600}>
        {t('detail.curl')}
      </Text>
      <CopyBlock code={curlOf({ origin: location.origin, path: of.path, body: of.request.json })} />
    </Stack>
  )
}

/** One part at a time, as people or as programs read it. */
function Said({ of }: { of: Detail }) {
  const { t } = useTexts(TEXTS)
  const upstream = of.upstreamRequests
  const parts = [
    ...(of.request === null ? [] : [{ value: 'request', label: t('detail.request'), body: of.request }]),
    ...upstream.map((body, at) => ({
      value: `upstream${at}`,
      label: upstream.length === 1 ? t('detail.upstreamBody') : t('detail.upstreamBodyN', { number: at + 1 }),
      body,
    })),
    ...(of.response === null ? [] : [{ value: 'reply', label: t('detail.reply'), body: of.response }]),
  ]
  const [part, setPart] = useState('request')
  const [form, setForm] = useState('formatted')
  const body = (parts.find(({ value }) => value === part) ?? parts[0])?.body
  if (body === undefined) return null
  const { json } = body
  const text = typeof json === 'string' ? json : JSON.stringify(json, null, form === 'raw' ? undefined : 2)
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {parts.length > 3 ? (
          <Select
            aria-label={t('detail.bodyOf')}
            data={parts.map(({ value, label }) => ({ value, label }))}
            value={part}
            allowDeselect={false}
            onChange={(value) => setPart(value ?? 'request')}
          />
        ) : (
          <SegmentedControl
            aria-label={t('detail.bodyOf')}
            data={parts.map(({ value, label }) => ({ value, label }))}
            value={part}
            onChange={setPart}
          />
        )}
        <SegmentedControl
          aria-label={t('detail.form')}
          data={[
            { value: 'formatted', label: t('detail.formatted') },
            { value: 'raw', label: t('detail.raw') },
          ]}
          value={form}
          onChange={setForm}
        />
      </Group>
      {body.cut ? (
        <Text size="xs" c="dimmed">
          {t('detail.cut')}
        </Text>
      ) : null}
      {body.secrets > 0 ? (
        <Text size="xs" c="dimmed">
          {t('detail.secrets', { count: body.secrets })}
        </Text>
      ) : null}
      <div className={classes.place}>
        {/* Focusable, so that a keyboard can scroll it. */}
        <pre className={classes.body} tabIndex={0}>
          {text}
        </pre>
        <div className={classes.corner}>
          <Copy value={text} />
        </div>
      </div>
    </Stack>
  )
}

function Replay({ of, open }: { of: Detail; open: (id: string) => void }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const client = useQueryClient()
  const replay = useMutation({
    mutationFn: async () => (await api.POST('/admin/logs/{id}/replay', { params: { path: { id: of.id } } })).data,
    onError: (error) => sayFailed(error),
    onSettled: () => client.invalidateQueries({ queryKey: [...REQUESTS, 'totals'] }),
  })
  const result = replay.data
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          disabled={!of.replayable}
          loading={replay.isPending}
          onClick={() => replay.mutate()}
        >
          {t('detail.replay')}
        </Button>
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => void download(of.id)}>
          {t('detail.cassette')}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {t('detail.replayAbout')}
      </Text>
      {result === undefined ? null : (
        <Alert color={result.status < 400 ? 'teal' : 'red'} variant="light" role="status">
          <Stack gap="xs">
            <Text size="sm" fw={600}>
              {t('detail.replayDone', { status: result.status, time: format.duration(result.ms) })}
            </Text>
            {result.changed ? <Text size="xs">{t('detail.replayChanged')}</Text> : null}
            <pre className={classes.body} tabIndex={0}>
              {readable(result.body)}
            </pre>
            <div>
              <Button size="xs" variant="default" onClick={() => open(result.requestId)}>
                {t('detail.replayOpen')}
              </Button>
            </div>
          </Stack>
        </Alert>
      )}
    </Stack>
  )
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

async function download(id: string): Promise<void> {
  try {
    const blob = await (await rawFetch(`/admin/logs/${id}/cassette`)).blob()
    saveFile(blob, `dragoman-${id}.json`)
  } catch (error) {
    sayFailed(error)
  }
}
