// Stands before the token endpoints of two servers, one port for each, and writes a line for each token request into
// a file: the side, and a hash of who asked for what. Takes the file and the two URLs; prints both ports in JSON.

import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';

const [file, ...urls] = process.argv.slice(2);
writeFileSync(file, '');

function stand(side, url) {
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const hash = createHash('sha256').update(request.headers.authorization ?? '').update(body).digest('hex');
      appendFileSync(file, `${side} ${hash}\n`);
      const onward = ask(url + request.url, { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      onward.end(body);
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

const [old, fresh] = [await stand('old', urls[0]), await stand('new', urls[1])];
console.log(JSON.stringify({ old, new: fresh }));
