// Listens to a topic with the browser's own EventSource. A token lasts for seconds here: the gateway
// asks for a newer one in time, and the stream goes on.
const state = document.getElementById('state');
const events = document.getElementById('events');
let last = '';

const token = async () => (await fetch('/token', {cache: 'no-store'})).text();
const tell = what => fetch('/seen', {method: 'POST', body: what}).catch(() => {});

function show(text) {
  const item = document.createElement('li');
  item.textContent = text;
  events.append(item);
}

async function renew(challenge) {
  const {method, headers} = JSON.parse(challenge.data);
  const reply = await fetch('/events', {
    method,
    headers: {...headers, authorization: `Bearer ${await token()}`},
  });
  state.textContent = reply.ok ? 'renewed' : 'not renewed';
  tell(`renewed ${reply.status}`);
}

const later = () => setTimeout(listen, 500);

async function listen() {
  let fresh;
  try {
    fresh = await token();
  } catch {
    later(); // nobody is there at the moment
    return;
  }
  const query = new URLSearchParams({access_token: fresh});
  if (last) {
    query.set('lastEventId', last);
  }
  const source = new EventSource(`/events?${query}`);
  source.onopen = () => {
    state.textContent = 'connected';
    tell('open');
  };
  source.onmessage = event => {
    last = event.lastEventId;
    show(event.data);
    tell(`event ${event.data}`);
  };
  source.addEventListener('delete', event => {
    last = event.lastEventId;
    show(`deleted ${atob(event.data.replace(/-/g, '+').replace(/_/g, '/'))}`);
  });
  source.addEventListener('challenge', renew);
  source.onerror = () => {
    // An EventSource would come back with the old token: come back with a new one, after the last id.
    source.close();
    state.textContent = 'reconnecting';
    tell('closed');
    later();
  };
}

listen();
