// The API behind two gateways, on a free port of loopback. It checks nothing: that is the gateways' task.
// `/api/seen` tells which headers the gateway sent. Prints one line of JSON when it listens.

import { createServer } from 'node:http';

const ORDERS = [{ id: 1, price: 12.5 }, { id: 2, price: 7 }];
const ANSWERS = { '/api/orders': { orders: ORDERS }, '/api/orders/1': ORDERS[0] };

const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
  const path = request.url.split('?')[0];
  const body = path === '/api/seen' ? { headers: request.headers } : ANSWERS[path];
  response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body ?? { error: 'not_found' }));
});
// A gateway keeps its connections: one that ended on this side meanwhile would be its 503.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
