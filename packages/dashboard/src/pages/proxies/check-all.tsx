import { Button, Group, Progress, Text } from '@mantine/core'
import { IconActivity } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api, type Schemas } from '../../api/client.js'
import { useLive } from '../../api/live.js'
import { useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { refresh, told } from './data.js'
import { TEXTS } from './texts.js'

type Task = Schemas['Task']

/** Checking all proxies: how to begin, how far it is, and how to stop. */
export function useCheckAll() {
  const { t } = useTexts(TEXTS)
  const client = useQueryClient()
  const [id, setId] = useState<string>()
  const said = useRef<string>(undefined)
  const { data: task } = useQuery({
    queryKey: ['task', id],
    queryFn: async () => told((await api.GET('/admin/tasks/{id}', { params: { path: { id: id ?? '' } } })).data),
    enabled: id !== undefined,
    staleTime: 0,
    // What is told live may be missed while the stream comes back.
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 1_500 : false),
  })
  useLive('tasks', (data) => {
    const one = data as Task
    if (one.id === id) client.setQueryData(['task', id], one)
  })
  useEffect(() => {
    if (task === undefined || task.state === 'running' || said.current === task.id) return
    said.current = task.id
    void refresh(client)
    const { failed, total } = task
    if (task.state === 'failed') sayFailed(task.error ?? '')
    else if (task.state === 'done' && failed === 0) sayDone(t('check.done', { total }))
    else if (task.state === 'done') sayFailed(t('check.doneBad', { failed, total }))
  }, [task, client, t])
  return {
    running: task?.state === 'running' ? task : undefined,
    begin() {
      api.POST('/api/proxies/check-all').then(({ data }) => {
        if (data === undefined) return
        client.setQueryData(['task', data.id], data)
        setId(data.id)
      }, sayFailed)
    },
    stop() {
      if (id !== undefined) void api.POST('/admin/tasks/{id}/cancel', { params: { path: { id } } }).catch(sayFailed)
    },
  }
}

export function CheckAll({ check }: { check: ReturnType<typeof useCheckAll> }) {
  const { t } = useTexts(TEXTS)
  const { running, begin, stop } = check
  if (running === undefined) {
    return (
      <Button variant="default" leftSection={<IconActivity size={16} />} onClick={begin}>
        {t('check.all')}
      </Button>
    )
  }
  const { done, total } = running
  const text = t('check.running', { done, total })
  return (
    <Group gap="xs" role="status">
      <div>
        <Text size="xs" className="numbers">
          {text}
        </Text>
        <Progress value={total === 0 ? 100 : (done / total) * 100} w={160} mt={2} aria-label={text} />
      </div>
      <Button variant="default" size="compact-sm" onClick={stop}>
        {t('check.cancel')}
      </Button>
    </Group>
  )
}
