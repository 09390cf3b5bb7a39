/** Which statuses are final. */
import { OrderStatus } from "./v1.js";

const FINAL: ReadonlySet<OrderStatus> = new Set([
  OrderStatus.CONFIRMED, OrderStatus.FAILED, OrderStatus.CANCELLED, OrderStatus.EXPIRED,
]);

/** Whether nothing can follow. */
export function isFinal(status: OrderStatus): boolean {
  return FINAL.has(status);
}
