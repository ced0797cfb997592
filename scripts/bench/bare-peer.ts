// The yardstick: a bare uWebSockets.js server that reads and parses the same requests, and does nothing with them.
import uws, { type HttpRequest, type HttpResponse } from 'uWebSockets.js';
import { serveParent } from './child.js';

const TOPIC = 'public';

const app = uws.App();

/** Reads the body, parses it, answers 204. Every body of the bench is one chunk or a few. */
function readJson(res: HttpResponse): void {
  let text = '';
  res.onAborted(() => undefined);
  res.onData((chunk, isLast) => {
    text += Buffer.from(chunk).toString('utf8');
    if (!isLast) return;
    JSON.parse(text);
    noContent(res);
  });
}

/** Parses the three parts of a Glance path, answers 204. */
function readPath(res: HttpResponse, req: HttpRequest): void {
  const shard = Number(req.getParameter(1));
  const state = Number(req.getParameter(2));
  if (req.getParameter(0) === '' || !Number.isInteger(shard + state)) throw new Error('not a Glance path');
  noContent(res);
}

function publish(res: HttpResponse): void {
  res.onAborted(() => undefined);
  res.onData((chunk, isLast) => {
    if (!isLast) throw new Error('a text to publish comes in one piece');
    app.publish(TOPIC, Buffer.from(chunk).toString('utf8'));
    noContent(res);
  });
}

const noContent = (res: HttpResponse): void =>
  void res.cork(() => res.writeStatus('204 No Content').endWithoutBody());

app.post('/api/status/:bot/:shard/:state', readPath);
app.post('/publish', publish);
app.post('/*', readJson);
app.ws('/live', { open: (ws) => void ws.subscribe(TOPIC) });
app.listen('127.0.0.1', 0, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (socket) => {
  if (!socket) throw new Error('the bare peer found no port');
  serveParent(uws.us_socket_local_port(socket), () => Promise.resolve());
});
