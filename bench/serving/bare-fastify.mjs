// The peer: Fastify with nothing in it but one answer, whose bytes and headers the parent hands over.
import Fastify from 'fastify';

const app = Fastify({ logger: false });
let body = '';
let headers = {};

app.get('/v1/tenants/:tenant/recommendations/:customerId', (_request, reply) => {
  reply.headers(headers).send(body);
});
app.post('/v1/tenants/:tenant/:what', (_request, reply) => {
  reply.headers(headers).send(body);
});

process.on('message', (message) => {
  if (message === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send(user + system);
  } else {
    body = message.body;
    headers = message.headers;
    process.send('set');
  }
});
// Its life ends with that of the bench, also when the bench is killed: no server is left over.
process.on('disconnect', () => process.exit());
await app.listen({ port: 0, host: '127.0.0.1' });
process.send({ port: app.server.address().port });
