// A small notes service, careless as services are: it sends more than anybody should see.
import { createServer } from 'node:http'

const notes = [{ id: 1, text: 'Buy paper', author: 'ada', ip: '10.0.4.7', deleted: false }]

createServer(async (request, response) => {
  response.setHeader('x-powered-by', 'notes/0.3 (node)')
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const send = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  if (request.url === '/notes' && request.method === 'GET') return send(200, notes)
  if (request.url === '/notes' && request.method === 'POST') {
    const note = {
      id: notes.length + 1,
      ip: '10.0.4.7',
      deleted: false,
      ...JSON.parse(Buffer.concat(chunks)),
    }
    notes.push(note)
    return send(201, note)
  }
  return send(500, { error: 'Cannot GET', stack: new Error('no such route').stack })
}).listen(3000, '127.0.0.1', () => console.log('notes on http://127.0.0.1:3000'))
