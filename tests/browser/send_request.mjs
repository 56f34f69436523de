// Sends a request as a Node program would: node send_request.mjs METHOD URL HEADERS [BODY]
//
// Prints the response's status and text as one JSON object.
const [method, url, headers, body] = process.argv.slice(2);
const response = await fetch(url, { method, headers: JSON.parse(headers), body });
console.log(JSON.stringify({ status: response.status, text: await response.text() }));
