// A client of the MFO server as its documentation draws it, with nothing but
// what comes with Node.js: verify the signature, check the JSON, wrap the
// payload, post it, answer 202.
'use strict';

const crypto = require('node:crypto');
const http = require('node:http');

const MAX_BODY = 1 << 20;

const [listen, server] = process.argv.slice(2);
const [host, port] = listen.split(':');
const secret = process.env.WEBHOOK_SECRET;
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

function answer(response, status, text, type = 'text/plain') {
  response.writeHead(status, { 'Content-Type': type,
    'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

function isGenuine(payload, claimed) {
  const given = Buffer.from(claimed ?? '', 'hex');
  const mac = crypto.createHmac('sha256', secret).update(payload).digest();
  return given.length === mac.length && crypto.timingSafeEqual(given, mac);
}

function isJson(payload) {
  try {
    JSON.parse(payload);
    return true;
  } catch {
    return false;
  }
}

// The payload byte for byte, as JSON.stringify would change it.
function wrapped(id, payload) {
  const time = new Date().toISOString();
  return Buffer.concat([
    Buffer.from(`{"id":"${id}","type":"webhook.received","source":"node.js",` +
      `"timestamp":"${time}","payload":`),
    payload, Buffer.from(',"metadata":{}}')]);
}

function forward(payload, response) {
  const id = crypto.randomUUID();
  const body = wrapped(id, payload);
  const request = http.request(`${server}/api/events`, {
    method: 'POST', agent, timeout: 10_000,
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': id,
      'Content-Length': body.length },
  }, (reply) => {
    reply.resume();
    reply.on('end', () => {
      if (reply.statusCode >= 200 && reply.statusCode < 300)
        answer(response, 202, `{"event_id":"${id}","status":"completed"}`,
          'application/json');
      else
        answer(response, 502, 'bad gateway');
    });
  });
  request.on('timeout', () => request.destroy(new Error('time-out')));
  request.on('error', () => {
    if (!response.headersSent)
      answer(response, 502, 'bad gateway');
  });
  request.end(body);
}

function take(request, response) {
  const parts = [];
  let size = 0;
  request.on('data', (part) => {
    size += part.length;
    if (size <= MAX_BODY)
      parts.push(part);
  });
  request.on('end', () => {
    const payload = Buffer.concat(parts);
    if (size > MAX_BODY)
      answer(response, 413, 'too large');
    else if (!isGenuine(payload, request.headers['x-signature']))
      answer(response, 401, 'unauthorized');
    else if (!isJson(payload))
      answer(response, 400, 'not JSON');
    else
      forward(payload, response);
  });
}

// Connections stay open for as long as those of the others.
http.createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  if (request.url === '/webhook')
    take(request, response);
  else
    answer(response, 404, 'not found');
}).listen(Number(port), host);
