import { FillwireClient, OrderStatus } from "@fillwire/client";

const client = new FillwireClient(process.argv[2] ?? "http://127.0.0.1:8080");
const tokens = await client.tokens();

const order = await client.submit({ tokenIn: "SOL", tokenOut: "USDC", amountIn: "0.001", slippageBps: 100 });
for await (const event of client.watch(order)) console.log(event.seq, OrderStatus[event.status]);

const { receipt } = await client.wait(order);
console.log(tokens.whole("USDC", receipt!.amountOut), "USDC");
