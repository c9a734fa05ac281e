// Prints what npm's eventsource gets: `node events.mjs URL COUNT [TYPE...]`, one JSON line per event.
import { EventSource } from 'eventsource'

const [url, count, ...types] = process.argv.slice(2)
let left = Number(count)
const source = new EventSource(url)
const print = (event) => {
  console.log(JSON.stringify({ type: event.type, id: event.lastEventId, data: event.data }))
  if (--left === 0) {
    source.close()
  }
}
for (const type of ['message', 'delete', ...types]) {
  source.addEventListener(type, print)
}
source.addEventListener('open', () => console.error('open'))
source.addEventListener('error', (event) => console.error('error', event.code, event.message))
