import { defineTexts } from '../i18n/index.js'

export const CHART_TEXTS = defineTexts(
  'chart',
  {
    picture: 'As a chart',
    table: 'As a table',
    time: 'Time',
    total: 'Total',
    lines: 'Lines',
    hidden: '{{name}}, hidden',
    shown: '{{name}}, shown',
    nothing: 'Nothing in this time',
    less: 'less',
    more: 'more',
    rowsLeftOut: 'The last {{count}} rows are shown; the CSV has all.',
  },
  {
    picture: '图表',
    table: '表格',
    time: '时间',
    total: '合计',
    lines: '曲线',
    hidden: '{{name}}，已隐藏',
    shown: '{{name}}，已显示',
    nothing: '这段时间没有数据',
    less: '少',
    more: '多',
    rowsLeftOut: '仅显示最后 {{count}} 行；完整数据见 CSV。',
  },
)
