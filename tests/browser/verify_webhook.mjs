// Verifies a delivery as a Node program would: node verify_webhook.mjs SECRET HEADERS BODY
//
// Prints the body's JSON, or fails with what the library says.
import { Webhook } from "standardwebhooks";

const [secret, headers, body] = process.argv.slice(2);
console.log(JSON.stringify(new Webhook(secret).verify(body, JSON.parse(headers))));
