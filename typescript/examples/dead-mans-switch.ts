import { FillwireClient } from "@fillwire/client";

const client = new FillwireClient(process.argv[2] ?? "http://127.0.0.1:8080");

const beat = () => client.cancelAllAfter(60_000);
console.log("without another word all open orders are withdrawn at", await beat());
const beating = setInterval(() => beat().catch(console.error), 20_000);

// ... trade ...

clearInterval(beating);
console.log("the switch is off:", (await client.cancelAllAfter(null)) === undefined);
