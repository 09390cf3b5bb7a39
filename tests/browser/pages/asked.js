/** The request of protobuf-es for an order, from what a test says in one object. */
export function asked({ amountIn, limitPrice, ...spec }) {
  const type = limitPrice ? { case: "limit", value: { limitPrice } } : { case: undefined };
  return { spec: { ...spec, amount: { case: "amountIn", value: amountIn }, type }, requestId: crypto.randomUUID() };
}
