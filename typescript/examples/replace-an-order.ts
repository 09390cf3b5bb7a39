import { FillwireClient, OrderChanged } from "@fillwire/client";

const client = new FillwireClient(process.argv[2] ?? "http://127.0.0.1:8080");
const limit = (limitPrice: string) => ({ kind: "limit", limitPrice }) as const;

const order = await client.submit({ tokenIn: "SOL", tokenOut: "USDC", amountIn: "0.001", type: limit("1000000") });
const changed = await client.replace(order, { type: limit("900000"), amountIn: "0.002" });
console.log(changed.orderId === order.orderId, changed.spec?.amount.value);

// `order` is what it was at the first reading: whoever changes it by that would not see what came between.
await client.replace(order, { slippageBps: 50 }).catch((error) => console.log(error instanceof OrderChanged));
await client.cancel(order);
